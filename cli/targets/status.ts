import type { Backup } from './backup.js';

/** One service as `status` shows it, in words that every target has. */
export interface ServiceStatus {
  readonly name: string;
  readonly digest: string | null;
  readonly ready: number;
  readonly desired: number;
  readonly restarts: number;
  /** What is wrong, in a few words; empty when nothing is. */
  readonly note: string;
}

/** A database, cache or search cluster as `status` shows it. */
export interface BackingStatus {
  readonly name: string;
  readonly state: string;
  readonly detail: string;
}

/** A schedule as `status` shows it. */
export interface ScheduleStatus {
  readonly name: string;
  readonly cron: string;
  /** ISO 8601; null when it will not run again. */
  readonly next: string | null;
  /** Null before its first run. */
  readonly lastRun: ScheduleRun | null;
  /** Most recent first, the last run included; at most 20. */
  readonly history: readonly ScheduleRun[];
}

/** One run of a schedule. */
export interface ScheduleRun {
  /** Names it for `agentctl logs --task`. */
  readonly id: string;
  /** When it began; ISO 8601. */
  readonly at: string;
  /** Null while it runs. */
  readonly endedAt: string | null;
  /** `running`, `exited`, `timed-out`, `stopped`, or `lost` with whoever ran it. */
  readonly state: string;
  /** Null while it runs, or when a signal ended it. */
  readonly exitCode: number | null;
}

/** The backups of a stage as `status` shows them. */
export interface BackupsStatus {
  /** Null before the first. */
  readonly last: Pick<Backup, 'id' | 'createdAt' | 'reason'> | null;
  /** ISO 8601; when the next is taken by schedule. Null without a schedule. */
  readonly next: string | null;
  /** Why the last scheduled one failed; null when it did not. */
  readonly problem: string | null;
}

/** What runs on a target now. */
export interface StageStatus {
  /** `unreachable`: it was deployed, and what should keep it running is not there. */
  readonly state: 'not-deployed' | 'running' | 'degraded' | 'unreachable';
  /** What is being done about that, in a few words; only when something is. */
  readonly note?: string;
  readonly url: string | null;
  readonly release: string | null;
  readonly services: readonly ServiceStatus[];
  readonly backing: readonly BackingStatus[];
  readonly schedules: readonly ScheduleStatus[];
  /** Null for a stage without a database. */
  readonly backups: BackupsStatus | null;
  /** Names of the alarms that are firing. @default - the target has no alarms */
  readonly alarms?: readonly string[];
}
