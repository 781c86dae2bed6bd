/** Memorystore for Redis. */
export interface RedisTools {
  /** The password that Google has made up for an instance; masked. */
  password(instance: string, signal: AbortSignal): Promise<string>;
}
