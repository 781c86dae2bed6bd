/** What has to be there once per project before anything is deployed. */
export interface BootstrapTools {
  /** Whether the state bucket is as {@link BootstrapTools.prepare} leaves it. Null: there is none. */
  bucket(bucket: string, signal: AbortSignal): Promise<BucketState | null>;
  /** Names without `.googleapis.com`. */
  enabledServices(signal: AbortSignal): Promise<ReadonlySet<string>>;
  enableServices(names: readonly string[], signal: AbortSignal): Promise<void>;
  /** Makes the bucket: private, versioned, with deleted objects kept for a week. */
  createBucket(bucket: string, region: string, signal: AbortSignal): Promise<void>;
  /** Makes one that is there private and versioned. */
  secureBucket(bucket: string, signal: AbortSignal): Promise<void>;
}

/** What of the state bucket matters. */
export interface BucketState {
  readonly isVersioned: boolean;
  readonly isUniform: boolean;
  readonly isPrivate: boolean;
  readonly keepsDeleted: boolean;
  readonly location: string;
}
