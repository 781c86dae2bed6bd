import type { Readable } from 'node:stream';
import type { TargetKind } from '../../stacks/spec/index.js';
import type { Ledger } from '../ledger/file-ledger.js';
import type { Concurrency } from '../plan/concurrency.js';
import type { Plan } from '../plan/plan.js';
import type { AnyStep } from '../plan/step.js';

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
}

/** One line of a service's log. */
export interface LogLine {
  readonly at: string;
  readonly release: string;
  readonly replica: string;
  readonly stream: 'out' | 'err';
  readonly text: string;
}

export interface LogOptions {
  /** @default - every service */
  readonly service?: string;
  /** Lines from before now, per log. */
  readonly tail: number;
  /** Go on until the signal aborts. */
  readonly follow: boolean;
  readonly signal: AbortSignal;
}

/** What differs between two plans that would do the same. */
export type PlanIdentity = Pick<Plan, 'runId' | 'madeAt'>;

/** Something `doctor` looked at. */
export interface Finding {
  readonly level: 'ok' | 'warning' | 'problem';
  readonly subject: string;
  readonly message: string;
  /** Only for warnings and problems. */
  readonly fix?: string;
}

/** How much a destroy removes. */
export interface DestroyWish {
  /** Also databases and secrets. Backups stay. */
  readonly deleteData: boolean;
  /** Whether data that is deleted is backed up before. */
  readonly finalBackup: boolean;
}

/** One command that is run beside what serves, for whoever waits for it. */
export interface RunOptions {
  /** Names it; see `newRunId`. */
  readonly runId: string;
  /** The service whose build, working directory and environment it gets (`default`: the first), or a schedule to run now. */
  readonly as:
    { readonly kind: 'service'; readonly name?: string } | { readonly kind: 'schedule'; readonly name: string };
  /** argv. Ignored for a schedule, which has a command of its own. */
  readonly command: readonly string[];
  /** @default - no bound; for a schedule, its own */
  readonly timeoutSeconds?: number;
  /** Its standard input. @default - none */
  readonly input?: Readable;
  /** Called once it is known what it runs as. */
  readonly onStart: (running: StartedRun) => void;
  /** Takes its output, secrets masked; it is held up until that resolves. */
  readonly onOutput: (stream: 'out' | 'err', bytes: Buffer) => Promise<void>;
  /** Interrupts it, as Ctrl-C does at a terminal, and goes on waiting for its end. */
  readonly signal: AbortSignal;
  /** Leaves at once. It is stopped by whoever runs it. */
  readonly leave: AbortSignal;
}

/** What a command runs as. */
export interface StartedRun {
  /** Names the run on its target, `run-20261120-101502-3f9c`. */
  readonly task: string;
  readonly release: string;
  /** Service or schedule. */
  readonly workload: string;
}

/** How a command ended. */
export interface FinishedRun extends StartedRun {
  /** Null when a signal ended it. */
  readonly exitCode: number | null;
  readonly signal: string | null;
  /** Whether its time was up. */
  readonly timedOut: boolean;
}

/** Which release to go back to. */
export interface RollbackOptions {
  /** @default - the one before the release that serves */
  readonly to?: string | undefined;
}

/** A copy of a database that can be restored. */
export interface Backup {
  readonly id: string;
  /** ISO 8601; the data in it is of this moment. */
  readonly createdAt: string;
  /** `manual`, `scheduled`, `before-migration`, `final`. */
  readonly reason: string;
  readonly database: string;
  readonly bytes: number;
  /** What the database said its schema was. */
  readonly schema: string | null;
}

/** A database that a restore has replaced, kept until it is deleted. */
export interface ReplacedDatabase {
  readonly id: string;
  /** Id of the backup that took its place. */
  readonly backup: string;
  /** ISO 8601. */
  readonly replacedAt: string;
  readonly bytes: number;
}

/** A new value of a secret, without the value. */
export interface RotatedSecret {
  readonly name: string;
  /** Random; tells the values of a secret apart. */
  readonly version: string;
}

/**
 * The lifecycle of one stage on one target, as far as it needs only what was recorded of the stage: its config file may
 * be edited, broken or gone. Plans are data; the steps and tools are what the engine runs them with.
 */
export interface Target {
  readonly kind: TargetKind;
  /** Journals and the lock of this stage live here. */
  readonly stateDirectory: string;
  readonly steps: ReadonlyMap<string, AnyStep<unknown>>;
  readonly tools: unknown;
  readonly concurrency: Concurrency;
  readonly ledger: Ledger;
  /** Plans to run an older release again. Changes nothing. */
  planRollback(signal: AbortSignal, as: PlanIdentity, options: RollbackOptions): Promise<Plan>;
  /** Plans to bring a value into use that is staged before the plan runs. Null: nothing that runs uses the secret. Changes nothing. */
  planRotation(signal: AbortSignal, as: PlanIdentity, secret: RotatedSecret): Promise<Plan | null>;
  /** Plans a backup. Changes nothing. */
  planBackup(as: PlanIdentity): Promise<Plan>;
  /** Plans to put the data of a backup in the place of what is there, which is kept. Changes nothing. */
  planRestore(as: PlanIdentity, backup: string): Promise<Plan>;
  /** Newest first. */
  backups(): Promise<readonly Backup[]>;
  /** What restores have replaced, newest first. */
  replacedDatabases(): Promise<readonly ReplacedDatabase[]>;
  /** Deletes a backup, or a database that was replaced. */
  deleteBackup(id: string): Promise<void>;
  /** Plans the removal of what runs, and of the data when asked to, after a last backup of it. Changes nothing. */
  planDestroy(options: PlanIdentity & DestroyWish): Promise<Plan>;
  /** Whether there is anything to stop or to remove; `data`: whether data counts. */
  exists(options: { readonly data: boolean }): Promise<boolean>;
  /** Removes what only a finished destroy leaves: an empty place for state. */
  forgetIfEmpty(): Promise<void>;
  /** Names of the secrets that have a value. */
  secretNames(): Promise<readonly string[]>;
  setSecret(name: string, value: string): Promise<void>;
  /** Keeps a value for a rotation; nothing uses it before that. */
  stageSecret(secret: RotatedSecret, value: string): Promise<void>;
  /** Services that have run here. */
  serviceNames(): Promise<readonly string[]>;
  status(): Promise<StageStatus>;
  /**
   * Runs a command to its end. It never outlives whoever waits for it.
   *
   * @throws AgentctlError NotDeployed: nothing serves; UsageInvalid: no such service or schedule; Refused: the schedule
   *   runs already; the reason of `leave`
   */
  run(options: RunOptions): Promise<FinishedRun>;
  /** Migrations, runs and runs of schedules whose output is kept, newest first. */
  taskNames(): Promise<readonly string[]>;
  /** What one of {@link Target.taskNames} has printed so far, oldest line first. */
  taskLog(task: string): Promise<readonly string[]>;
  logs(options: LogOptions): AsyncIterable<LogLine>;
}

/** A stage whose config file was read: it can be brought to what the file says. */
export interface DeployTarget extends Target {
  /** Looks at what is there and plans how to get to the spec. Changes nothing. */
  planDeploy(signal: AbortSignal, as: PlanIdentity): Promise<Plan>;
  /** Plans the migrations alone, from the source as it is now. Changes nothing. */
  planMigrate(signal: AbortSignal, as: PlanIdentity): Promise<Plan>;
  doctor(signal: AbortSignal): Promise<readonly Finding[]>;
}
