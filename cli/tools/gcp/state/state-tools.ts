import type { ObjectStore } from '../../../object-store.js';

/** The state bucket that `agentctl bootstrap` makes. */
export interface StateTools {
  /** `agentctl-state-<project>`. */
  readonly bucketName: string;
  /** Whether it is there. @throws Refused: it belongs to another project; names of buckets are taken worldwide */
  exists(signal: AbortSignal): Promise<boolean>;
  /**
   * Outputs of a configuration of Terraform, from its state: to ask Terraform would take its whole preparation. Undefined:
   * nothing of it is there. @param prefix that of its backend
   */
  terraformOutputs(prefix: string, signal: AbortSignal): Promise<Readonly<Record<string, unknown>> | undefined>;
  /** What is kept in it; asked for an object, it says EnvironmentNotReady when there is no bucket. */
  readonly objects: ObjectStore;
}
