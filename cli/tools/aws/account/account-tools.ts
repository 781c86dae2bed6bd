/** Whom AWS takes us for, and where. */
export interface AwsIdentity {
  readonly accountId: string;
  /** Of the user or role: `arn:aws:sts::111122223333:assumed-role/deploy/ann`. */
  readonly arn: string;
  readonly region: string;
}

/** Who we are on AWS. */
export interface AccountTools {
  /**
   * Asks once and remembers.
   *
   * @throws EnvironmentNotReady: no credentials, expired ones, no region; Refused: another account than the pinned one
   */
  identity(signal: AbortSignal): Promise<AwsIdentity>;
}
