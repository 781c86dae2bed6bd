import type { RunEvent } from '../engine/events.js';
import type { Plan } from '../plan/plan.js';
import type { ShownError } from '../report/error-text.js';
import type { Style } from '../report/style.js';

/** How a command ends, for people and for machines. */
export interface CommandResult {
  readonly exitCode: number;
  /** A last word to people, on stderr. @default - none */
  readonly note?: string;
  /** The result for people and pipes; printed to stdout as it stands. Empty: nothing. */
  readonly text: string;
  /** For machines: the fields of the final `result` line. */
  readonly data: Readonly<Record<string, unknown>>;
  readonly error?: ShownError;
}

/** Watches one run; `close` leaves the last picture on the screen. */
export interface RunDisplay {
  event(event: RunEvent): void;
  close(): void;
}

/**
 * The one object that talks to the user. Human text goes to stderr, results to stdout; with `--json`, everything is
 * JSON lines on stdout.
 */
export interface Io {
  /** False in CI, in a pipe, with `--json` or `--no-input`: nothing may be asked. */
  readonly canAsk: boolean;
  readonly json: boolean;
  readonly style: Style;
  /** From now on these values are never shown, in none of the forms they may take. */
  readonly mask: (values: readonly string[]) => void;
  /** Masks what a text holds of them: for what is written elsewhere, such as a journal. */
  readonly redact: (text: string) => string;
  /** A line of progress or explanation. */
  note(text: string): void;
  warn(text: string): void;
  /** A line of output that is itself the result: `logs`. */
  output(line: string): void;
  /**
   * What a command that is run for the user prints: on the same stream, byte for byte; with `--json`, a line a log line.
   * Resolves when more may come; rejects when nobody reads it any more.
   */
  pass(stream: 'out' | 'err', bytes: Uint8Array): Promise<void>;
  /** `done`: ids of the steps that an earlier, unfinished run has settled. */
  display(plan: Plan, done: ReadonlySet<string>): Promise<RunDisplay>;
  /** A yes/no question; no is the default. Only when `canAsk`. */
  confirm(question: string): Promise<boolean>;
  /** A value that is not shown while it is typed. Only when `canAsk`. */
  askSecret(question: string): Promise<string>;
  /** Called exactly once, last. */
  finish(result: CommandResult): void;
}
