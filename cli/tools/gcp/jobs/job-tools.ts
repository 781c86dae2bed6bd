import type { Condition, RevisionDefinition } from '../services/service-tools.js';

/** A run of a job. */
export interface ExecutionState {
  /** `support-agent-production-migrate-abc12`. */
  readonly name: string;
  readonly job: string;
  /** Value of the variable that names the attempt; null for a run that nobody here has started. */
  readonly attempt: string | null;
  /** Completed: `true` with success, `false` without; unknown while it runs. */
  readonly condition: Condition;
  readonly isCancelled: boolean;
  /** ISO 8601. */
  readonly createdAt: string | null;
  readonly endedAt: string | null;
}

export interface ExecuteOptions {
  readonly job: string;
  /** Names the attempt, so that it is found again: it is put into a variable of the container. */
  readonly attempt: string;
  readonly signal: AbortSignal;
}

export interface WaitExecutionOptions {
  readonly execution: string;
  /** Takes what its container prints, in order. @default - not read */
  readonly onLine?: (line: string) => void | Promise<void>;
  /** Told once that what it prints cannot be read: its end is waited for all the same. */
  readonly onUnreadable?: (error: unknown) => void;
  /** Cancels it when nobody will wait for it any more: when the signal aborts, and then waits for its end; or when it cannot be watched. @default false */
  readonly cancelOnAbort?: boolean;
  readonly signal: AbortSignal;
}

/** An execution that has ended. */
export interface EndedExecution extends ExecutionState {
  /** Of its container; null when it never started, or Cloud Run does not say. */
  readonly exitCode: number | null;
}

/** Cloud Run jobs: migrations, schedules, and single commands. */
export interface JobTools {
  /** Starts a run; one of the same attempt that runs or has succeeded is taken instead. */
  execute(options: ExecuteOptions): Promise<ExecutionState>;
  /** Waits for the end. Undefined: Cloud Run knows it no more. */
  wait(options: WaitExecutionOptions): Promise<EndedExecution | undefined>;
  /** Newest first; empty when there is no such job. */
  executions(job: string, signal: AbortSignal): Promise<readonly ExecutionState[]>;
  /** Asks for the end of a run; harmless when it has ended. */
  cancel(execution: string, signal: AbortSignal): Promise<void>;
  /** Makes a job that runs one command with the surroundings of a revision. */
  create(options: CreateJobOptions): Promise<void>;
  /** Deletes a job; harmless when it is gone. */
  remove(job: string, signal: AbortSignal): Promise<void>;
}

export interface CreateJobOptions {
  readonly job: string;
  readonly like: RevisionDefinition;
  readonly command: readonly string[];
  readonly timeoutSeconds: number;
  readonly labels: Readonly<Record<string, string>>;
  readonly signal: AbortSignal;
}
