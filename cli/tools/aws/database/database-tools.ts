/** An RDS instance as it is now. */
export interface DatabaseState {
  readonly id: string;
  /** `available`, `backing-up`, `storage-full`, … (RDS user guide, "Viewing DB instance status"). */
  readonly status: string;
  readonly engineVersion: string;
  /** `db.m7g.large`. */
  readonly instanceClass: string;
  readonly storageGiB: number;
  readonly isMultiAz: boolean;
  readonly isProtected: boolean;
  readonly host: string | null;
  readonly port: number | null;
  /** ISO 8601; how far a point-in-time restore can go. */
  readonly restorableUntil: string | null;
  readonly tags: Readonly<Record<string, string>>;
}

/** A snapshot of an instance. */
export interface DatabaseSnapshot {
  readonly id: string;
  readonly instance: string;
  /** ISO 8601; null while it has not begun. */
  readonly createdAt: string | null;
  /** `creating`, `available`, `failed`. */
  readonly status: string;
  /** `manual`, `automated`, `awsbackup`. */
  readonly kind: string;
  readonly storageGiB: number;
  readonly tags: Readonly<Record<string, string>>;
}

/** A long operation that is waited for. */
export interface DatabaseRun {
  readonly signal: AbortSignal;
  readonly log: (line: string) => void;
}

/** RDS. Every operation may be repeated: what is done is found done, what goes on is waited for. */
export interface DatabaseTools {
  /** Undefined: there is no such instance. */
  state(instance: string, signal: AbortSignal): Promise<DatabaseState | undefined>;
  /** As it is once nothing of it changes any more; undefined: there is no such instance, or not any more. */
  settled(instance: string, run: DatabaseRun): Promise<DatabaseState | undefined>;
  /** Instances whose id begins so. */
  list(prefix: string, signal: AbortSignal): Promise<readonly DatabaseState[]>;
  /** Newest first. */
  snapshots(instance: string, signal: AbortSignal): Promise<readonly DatabaseSnapshot[]>;
  /** Takes a snapshot and waits until it can be restored. Id: letters, digits, hyphens, at most 255. */
  createSnapshot(
    options: { readonly id: string; readonly instance: string; readonly tags: Readonly<Record<string, string>> },
    run: DatabaseRun,
  ): Promise<DatabaseSnapshot>;
  /** Harmless when it is gone. */
  deleteSnapshot(id: string, signal: AbortSignal): Promise<void>;
  /** Makes a new instance from a snapshot, in the network and with the settings of another one, and waits for it. */
  restore(
    options: {
      readonly snapshot: string;
      readonly instance: string;
      readonly like: string;
      readonly tags: Readonly<Record<string, string>>;
    },
    run: DatabaseRun,
  ): Promise<DatabaseState>;
  /** Adds tags to an instance. */
  tag(instance: string, tags: Readonly<Record<string, string>>, signal: AbortSignal): Promise<void>;
  /** Gives an instance another id, and waits until it answers under it. Its host name changes with it. */
  rename(from: string, to: string, run: DatabaseRun): Promise<DatabaseState>;
  /** Deletes an instance without a last snapshot, whatever its protection. Harmless when it is gone. */
  remove(instance: string, run: DatabaseRun): Promise<void>;
  /** Sets the master password and waits until it is in force; the value is not logged. */
  setPassword(instance: string, password: string, run: DatabaseRun): Promise<void>;
}
