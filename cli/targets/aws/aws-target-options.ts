/** What a stage of AWS is reached with. */
export interface AwsTargetOptions {
  /** Name of the agent. */
  readonly name: string;
  readonly stage: string;
  /** Where agentctl.yaml is, or was. */
  readonly directory: string;
  readonly stateDirectory: string;
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Takes every secret value that is read, so that it is never shown. */
  readonly mask: (values: readonly string[]) => void;
  /** Flags that repeat the choice of stage, for hints. */
  readonly flags: string;
  /** @default - AWS_REGION, then the profile's */
  readonly region?: string | undefined;
  /** The account everything must happen in. @default - any */
  readonly accountId?: string | undefined;
}
