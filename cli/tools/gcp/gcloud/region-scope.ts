/** Where everything of a stage is. */
export interface RegionScope {
  readonly project: string;
  readonly region: string;
}
