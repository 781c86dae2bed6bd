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
  readonly lastRun: { readonly at: string; readonly state: string; readonly exitCode: number | null } | null;
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

/** The lifecycle of one stage on one target. Plans are data; the steps and tools are what the engine runs them with. */
export interface Target {
  readonly kind: TargetKind;
  /** Journals and the lock of this stage live here. */
  readonly stateDirectory: string;
  readonly steps: ReadonlyMap<string, AnyStep<unknown>>;
  readonly tools: unknown;
  readonly concurrency: Concurrency;
  readonly ledger: Ledger;
  /** Looks at what is there and plans how to get to the spec. Changes nothing. */
  planDeploy(signal: AbortSignal, as: PlanIdentity): Promise<Plan>;
  /** Plans the removal of what runs, and of the data when asked to. Changes nothing. */
  planDestroy(options: PlanIdentity & { readonly deleteData: boolean }): Promise<Plan>;
  /** Whether there is anything to stop or to remove; `data`: whether data counts. */
  exists(options: { readonly data: boolean }): Promise<boolean>;
  /** Removes what only a finished destroy leaves: an empty place for state. */
  forgetIfEmpty(): Promise<void>;
  /** Names of the secrets that have a value. */
  secretNames(): Promise<readonly string[]>;
  setSecret(name: string, value: string): Promise<void>;
  status(): Promise<StageStatus>;
  logs(options: LogOptions): AsyncIterable<LogLine>;
  doctor(signal: AbortSignal): Promise<readonly Finding[]>;
}
