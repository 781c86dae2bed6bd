/** One object as it was read. */
export interface StoredObject {
  readonly bytes: Uint8Array;
  /** Tells this content from any that may replace it: an ETag. */
  readonly version: string;
  /** Milliseconds since the epoch, by the store's clock. */
  readonly modifiedAt: number;
}

/** One object as a list has it. */
export interface ListedObject {
  readonly key: string;
  /** As that of {@link StoredObject}. */
  readonly version: string;
}

/** A remote place for small files, with conditional writes: whoever loses a race is told so. Keys are paths without a leading slash. */
export interface ObjectStore {
  /** Where an object is, for messages: `s3://bucket/key`. */
  place(key: string): string;
  /** Undefined: there is none. */
  read(key: string, signal?: AbortSignal): Promise<StoredObject | undefined>;
  /** Writes an object that is not there yet. Returns its version; undefined: there is one. */
  create(key: string, text: string, signal?: AbortSignal): Promise<string | undefined>;
  /** Replaces an object that still has this version. Returns the new one; undefined: it has another, or is gone. */
  replace(key: string, text: string, version: string, signal?: AbortSignal): Promise<string | undefined>;
  /** Writes an object whatever is there. */
  write(key: string, text: string, signal?: AbortSignal): Promise<string>;
  /** Removes an object that still has this version. False: it has another, or is gone. */
  remove(key: string, version: string, signal?: AbortSignal): Promise<boolean>;
  /** Objects whose keys begin so, sorted by key. */
  list(prefix: string, signal?: AbortSignal): Promise<readonly ListedObject[]>;
}

/** One object of a store, whether it is there or not. */
export interface ObjectPlace {
  readonly store: ObjectStore;
  readonly key: string;
}
