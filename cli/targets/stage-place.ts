/** Which stage a target is opened for, and what every target is opened with. */
export interface StagePlace {
  /** Name of the agent. */
  readonly name: string;
  readonly stage: string;
  /** Where agentctl.yaml is, or was. */
  readonly directory: string;
  readonly stateDirectory: string;
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Takes every secret value that is read, so that it is never shown. */
  readonly mask: (values: readonly string[]) => void;
}
