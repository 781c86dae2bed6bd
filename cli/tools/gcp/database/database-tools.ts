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
}

/** A backup that Cloud SQL keeps. */
export interface DatabaseBackup {
  /** A number. */
  readonly id: string;
  readonly instance: string;
  /** `ENQUEUED`, `RUNNING`, `SUCCESSFUL`, `FAILED`, … */
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
  /** Takes a backup and waits for it. One with the same description that is there, or on its way, is taken instead. */
  createBackup(
    options: { readonly instance: string; readonly description: string },
    run: { readonly signal: AbortSignal; readonly log: (line: string) => void },
  ): Promise<DatabaseBackup>;
}
