/** A Cloud SQL instance as it is now. */
export interface DatabaseState {
  readonly instance: string;
  /** `RUNNABLE`, `MAINTENANCE`, `FAILED`, … */
  readonly state: string;
  /** `POSTGRES_17`. */
  readonly version: string;
  /** `db-custom-2-8192`. */
  readonly tier: string;
  readonly isHighlyAvailable: boolean;
  readonly storageGiB: number;
  /** Names of its read replicas. */
  readonly replicas: readonly string[];
}

/** A backup that Cloud SQL keeps. */
export interface DatabaseBackup {
  /** A number; `projects/…/backups/…` of one that was kept when its instance was deleted. */
  readonly id: string;
  readonly instance: string;
  /** `ENQUEUED`, `RUNNING`, `SUCCESSFUL`, `FAILED`, …; of one that was kept it is `SUCCESSFUL`. */
  readonly status: string;
  /** `ON_DEMAND`, `AUTOMATED`. */
  readonly type: string;
  readonly description: string;
  /** ISO 8601. */
  readonly startedAt: string | null;
}

/** Cloud SQL. */
export interface DatabaseTools {
  /** Undefined: there is none. */
  state(instance: string, signal: AbortSignal): Promise<DatabaseState | undefined>;
  /** Newest first; empty when there is no such instance. */
  backups(instance: string, signal: AbortSignal): Promise<readonly DatabaseBackup[]>;
  /** What is kept of instances of this project that are gone, newest first. @param start of the names of those instances */
  keptBackups(start: string, signal: AbortSignal): Promise<readonly DatabaseBackup[]>;
  /** Deletes a backup; harmless when it is gone. */
  deleteBackup(instance: string, id: string, signal: AbortSignal): Promise<void>;
  /**
   * Has an instance hold what a backup holds, users and passwords included, and waits for it: the instance does not answer
   * meanwhile. A restore that is under way is waited for, and not begun a second time.
   */
  restore(
    options: { readonly instance: string; readonly backup: string },
    run: { readonly signal: AbortSignal; readonly log: (line: string) => void },
  ): Promise<void>;
  /** Waits until nothing is done to an instance any more. */
  settled(instance: string, run: { readonly signal: AbortSignal; readonly log: (line: string) => void }): Promise<void>;
  /** Gives a user another password, at once; open connections stay. */
  setPassword(instance: string, user: string, password: string, signal: AbortSignal): Promise<void>;
  /** Takes a backup and waits for it. One with the same description that is there, or on its way, is taken instead. */
  createBackup(
    options: { readonly instance: string; readonly description: string },
    run: { readonly signal: AbortSignal; readonly log: (line: string) => void },
  ): Promise<DatabaseBackup>;
}
