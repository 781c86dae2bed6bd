import type { TargetKind } from '../../stacks/spec/index.js';
import type { Ledger } from '../ledger/file-ledger.js';
import type { ObjectPlace } from '../object-store.js';
import type { Concurrency } from '../plan/concurrency.js';
import type { Plan } from '../plan/plan.js';
import type { AnyStep } from '../plan/step.js';
import type { Backup, ReplacedDatabase } from './backup.js';
import type { FinishedRun, RunOptions } from './one-off-run.js';
import type { StageStatus } from './status.js';

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

/** What a deploy may do that it refuses otherwise. */
export interface DeployWish {
  /** Names of resources that hold data and may be replaced or removed. @default - none */
  readonly allowReplace?: readonly string[];
}

/** Which release to go back to. */
export interface RollbackOptions {
  /** @default - the one before the release that serves */
  readonly to?: string | undefined;
}

/** A new value of a secret, without the value. */
export interface RotatedSecret {
  readonly name: string;
  /** A password of the data, which is not in `secrets:` of the config file. */
  readonly isMadeUp: boolean;
  /** Random; tells the values of a secret apart. */
  readonly version: string;
}

/**
 * The lifecycle of one stage on one target, as far as it needs only what was recorded of the stage: its config file may
 * be edited, broken or gone. Plans are data; the steps and tools are what the engine runs them with.
 */
export interface Target {
  readonly kind: TargetKind;
  /** Journals of this stage live here, and its lock unless `lock` says otherwise. */
  readonly stateDirectory: string;
  /** Where the lock is kept when several machines deploy the stage. @default - a file in the state directory */
  readonly lock?: ObjectPlace;
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
  /**
   * A new value for a password that agentctl makes up, of `postgres` for instance; undefined: there is none of that name.
   *
   * @throws AgentctlError Refused: it cannot be replaced from here
   */
  madeUpValue(name: string): Promise<string | undefined>;
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
  planDeploy(signal: AbortSignal, as: PlanIdentity, wish?: DeployWish): Promise<Plan>;
  /** Plans the migrations alone, from the source as it is now. Changes nothing. */
  planMigrate(signal: AbortSignal, as: PlanIdentity): Promise<Plan>;
  doctor(signal: AbortSignal): Promise<readonly Finding[]>;
}
