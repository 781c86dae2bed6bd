import type { Readable } from 'node:stream';

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
