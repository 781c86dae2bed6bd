import type { BackupRecord, PreviousDatabase } from '../protocol.js';

/** One restore, as it goes. */
export interface RestoreJob {
  /** Of the restore. */
  readonly id: string;
  readonly backup: BackupRecord;
  readonly archive: string;
  /** Says what is being done, for people. */
  readonly step: (text: string) => void;
  readonly signal: AbortSignal;
}

/** How data is put back: whole data directories, or databases of a server. Each restore is done or has not happened. */
export interface RestoreMethod {
  /** @throws AgentctlError Refused: it cannot put this backup back */
  assertFits(backup: BackupRecord): void;
  /** Everything that can be done while the other data serves: the data of the backup, verified, beside it. */
  prepare(job: RestoreJob): Promise<void>;
  /** Puts what was prepared in the place of what serves, which is kept. Throws when what was there before serves again. */
  putInPlace(job: RestoreJob, replacedAt: string): Promise<void>;
  /** Removes what was prepared. */
  discard(id: string): Promise<void>;
  /** Whether a restore has happened, and what it replaced is still there. */
  isDone(id: string): Promise<boolean>;
  /** What restores have replaced, most recent first. */
  previous(): Promise<readonly PreviousDatabase[]>;
  /** False: there is none. */
  deletePrevious(id: string): Promise<boolean>;
}
