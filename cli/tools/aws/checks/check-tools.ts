/** A service quota, and what is used of it where AWS tells. */
export interface QuotaState {
  /** `Fargate On-Demand vCPU resource count`. */
  readonly name: string;
  readonly limit: number;
  /** Null: not known. */
  readonly used: number | null;
}

/** What `doctor` reads of an account. */
export interface CheckTools {
  /** Of what a deploy needs most: Fargate vCPUs, addresses, VPCs, DB instances. Those it may not read are left out. */
  quotas(signal: AbortSignal): Promise<readonly QuotaState[]>;
  /** Which of these service-linked roles are missing: `AWSServiceRoleForECS`. */
  missingRoles(names: readonly string[], signal: AbortSignal): Promise<readonly string[]>;
  /** Names of the alarms that begin so and are firing. */
  firingAlarms(prefix: string, signal: AbortSignal): Promise<readonly string[]>;
}
