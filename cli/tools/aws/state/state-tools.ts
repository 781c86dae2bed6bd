import type { ObjectStore } from '../../../object-store.js';

/** The state bucket that `agentctl bootstrap` makes. */
export interface StateTools {
  /** `agentctl-state-<account>-<region>`. */
  bucketName(signal: AbortSignal): Promise<string>;
  /** Whether it is there. */
  exists(signal: AbortSignal): Promise<boolean>;
  /** What is kept in it; asked for an object, it says EnvironmentNotReady when there is no bucket. */
  readonly objects: ObjectStore;
}
