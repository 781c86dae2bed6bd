/** A version of a secret, without its value. */
export interface SecretVersion {
  /** `3`. */
  readonly version: string;
  readonly state: 'ENABLED' | 'DISABLED' | 'DESTROYED';
}

export interface EnsureSecretOptions {
  readonly name: string;
  /** Asked only if needed. */
  readonly value: () => string;
  /** Of a secret that is new. */
  readonly labels: Readonly<Record<string, string>>;
}

/**
 * Secret Manager. Versions are numbers; the newest that is enabled is the one a new release gets, and a release keeps the
 * one it was given. Values go in by standard input, and those that are read are masked.
 */
export interface SecretTools {
  /** Adds a version, and makes the secret when it is new. The same value again adds none. Returns the version. */
  put(options: Omit<EnsureSecretOptions, 'value'> & { readonly value: string }, signal: AbortSignal): Promise<string>;
  /** Makes a secret that has no enabled version; leaves one that has. Returns the version. */
  ensure(options: EnsureSecretOptions, signal: AbortSignal): Promise<string>;
  /** Undefined: there is no such secret, or version, or it is not enabled. @param version default: the newest enabled */
  read(name: string, signal: AbortSignal, version?: string): Promise<string | undefined>;
  /** Newest first; empty: there is no such secret. */
  versions(name: string, signal: AbortSignal): Promise<readonly SecretVersion[]>;
  /** The newest that is enabled; undefined: there is none. */
  current(name: string, signal: AbortSignal): Promise<string | undefined>;
  /** Names of the secrets of a stage, in order. */
  list(prefix: string, signal: AbortSignal): Promise<readonly string[]>;
  /** A new release gets it, if it is the newest; harmless when it is so already. */
  enable(name: string, version: string, signal: AbortSignal): Promise<void>;
  /** No new release gets it any more, and none that has it can read it; harmless when it is so already. */
  disable(name: string, version: string, signal: AbortSignal): Promise<void>;
  /** Takes the value of a version away for good; harmless when it is gone. */
  destroy(name: string, version: string, signal: AbortSignal): Promise<void>;
  /** Deletes a secret with all its versions, for good; harmless when it is gone. */
  remove(name: string, signal: AbortSignal): Promise<void>;
}
