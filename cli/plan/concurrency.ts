/** How many steps may run at once, in all and per kind. */
export interface Concurrency {
  readonly total: number;
  /** @default - no limit but the total */
  readonly perKind?: Readonly<Record<string, number>>;
}
