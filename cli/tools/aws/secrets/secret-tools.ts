/** The stage of a version that waits to become current. Secrets Manager's own AWSPENDING belongs to its rotation. */
export const pendingStage = 'AGENTCTLPENDING';

/** A secret without its value. */
export interface SecretState {
  readonly name: string;
  readonly arn: string;
  /** Version id that is current; null before the first value. */
  readonly version: string | null;
  /** Version id that waits to become current; null when there is none. */
  readonly pending: string | null;
  /** ISO 8601. */
  readonly changedAt: string | null;
}

export interface PutSecretOptions {
  readonly name: string;
  readonly value: string;
  /** Names the version, so that repeating the call makes no second one. 32 to 64 characters. @default - random */
  readonly version?: string;
  /** `pending`: kept beside the current one, and nothing uses it until it is promoted. @default 'current' */
  readonly as?: 'current' | 'pending';
  /** Of a secret that is new. @default - none */
  readonly tags?: Readonly<Record<string, string>>;
}

/** Secrets Manager; secrets are encrypted with `alias/agentctl`. Values are never logged, and those that are read are masked. */
export interface SecretTools {
  /** Creates the secret or gives it a new value; one that is scheduled for deletion is restored first. Returns the version. */
  put(options: PutSecretOptions, signal: AbortSignal): Promise<string>;
  /** Creates a secret that is not there; leaves one that is. Returns the current version. `value` is asked only if needed. */
  ensure(
    options: Omit<PutSecretOptions, 'value' | 'as'> & { readonly value: () => string },
    signal: AbortSignal,
  ): Promise<string>;
  /** Undefined: there is no such secret, or it has no value. @param version default: the one that is current */
  read(name: string, signal: AbortSignal, version?: string): Promise<string | undefined>;
  /** As it is now: what a list says may be some minutes old. Undefined: there is no such secret. */
  state(name: string, signal: AbortSignal): Promise<SecretState | undefined>;
  /** Every secret whose name begins so, by name. Those that are scheduled for deletion are left out. */
  list(prefix: string, signal: AbortSignal): Promise<readonly SecretState[]>;
  /** Makes a version current, which waits no longer; harmless when it is. The one before stays as AWSPREVIOUS. */
  promote(name: string, version: string, signal: AbortSignal): Promise<void>;
  /** Makes the version before current again, and forgets one that waits. */
  restore(name: string, version: string, signal: AbortSignal): Promise<void>;
  /** Harmless when it is gone. @param recoverable 7 days, or not at all */
  remove(name: string, options: { readonly recoverable: boolean; readonly signal: AbortSignal }): Promise<void>;
}
