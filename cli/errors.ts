/**
 * Every expected failure of agentctl, by code. The number is the process exit code (product page, "Exit codes");
 * docs/errors.md documents each code and a test keeps the two lists equal.
 */
export const exitCodes = {
  // 1: the work was tried and did not succeed
  StepFailed: 1,
  ToolFailed: 1,
  StateUnreadable: 1,
  // 2: the command line or the config is wrong
  UsageInvalid: 2,
  SpecInvalid: 2,
  SpecNotFound: 2,
  PlanInvalid: 2,
  // 3: the environment is not ready
  ToolMissing: 3,
  EnvironmentNotReady: 3,
  SecretMissing: 3,
  PortTaken: 3,
  TargetUnavailable: 3,
  NotDeployed: 3,
  // 4: refused before anything was changed
  Refused: 4,
  PlanStale: 4,
  // 5–6: somebody said no
  Declined: 5,
  Locked: 6,
  LockLost: 6,
  // 7–11: the steps of a deploy
  BuildFailed: 7,
  MigrationFailed: 8,
  RolledBack: 9,
  NotRolledBack: 10,
  TimedOut: 11,
  // 12: `diff --exit-code`
  ChangesFound: 12,
  // 70, 130
  Bug: 70,
  Interrupted: 130,
} as const;

export type ErrorCode = keyof typeof exitCodes;

/** Whether a text is one of the codes. */
export function isErrorCode(code: string): code is ErrorCode {
  return Object.hasOwn(exitCodes, code);
}

export interface AgentctlErrorOptions {
  /** What to do about it, as an instruction. */
  readonly fix: string;
  /** Lines to show before the message: a log tail, a list of problems. Shown as they are. */
  readonly detail?: string;
  /** What `--json` adds to the error. */
  readonly data?: Readonly<Record<string, unknown>>;
  /** @default false */
  readonly retryable?: boolean;
  readonly cause?: unknown;
}

const brand = Symbol.for('agentctl.AgentctlError');

/** Something the user or operator can act on. Anything else that is thrown is a bug in agentctl. */
export class AgentctlError extends Error {
  override readonly name = 'AgentctlError';
  readonly code: ErrorCode;
  readonly fix: string;
  readonly detail: string | undefined;
  readonly data: Readonly<Record<string, unknown>> | undefined;
  readonly retryable: boolean;
  readonly [brand] = true;

  /** `message`: lowercase, no full stop, names the wrong value. */
  constructor(code: ErrorCode, message: string, options: AgentctlErrorOptions) {
    super(message, { cause: options.cause });
    this.code = code;
    this.fix = options.fix;
    this.detail = options.detail;
    this.data = options.data;
    this.retryable = options.retryable ?? false;
  }
}

/** Works across two loaded copies of the package, unlike `instanceof`. */
export function isAgentctlError(error: unknown): error is AgentctlError {
  return typeof error === 'object' && error !== null && brand in error;
}

/** The exit code for whatever a command threw; 70 for anything that is not an {@link AgentctlError}. */
export function exitCodeOf(error: unknown): number {
  return isAgentctlError(error) ? exitCodes[error.code] : exitCodes.Bug;
}

/** The text of anything that can be thrown. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** Whether a system call failed with this code: `hasSystemCode(error, 'ENOENT')`. */
export function hasSystemCode(error: unknown, code: string): boolean {
  return typeof error === 'object' && error !== null && 'code' in error && error.code === code;
}

/** System calls that fail like this fail because of the machine, whoever makes them. Codes of errno(3). */
const environmentCodes: ReadonlyMap<string, string> = new Map([
  ['ENOSPC', 'make room on the disk'],
  ['EDQUOT', 'make room within the quota of the disk'],
  ['EROFS', 'make the file system writable'],
  ['EACCES', 'give this user access'],
  ['EPERM', 'give this user access'],
  ['EIO', 'check the disk'],
  ['EMFILE', 'raise the limit of open files (ulimit -n)'],
  ['ENFILE', 'raise the limit of open files of the machine'],
  ['ENOMEM', 'free some memory'],
]);

/** What was thrown as an error of ours: itself, or, when the machine refused a system call, that; undefined for a bug. */
export function expectedError(error: unknown): AgentctlError | undefined {
  if (isAgentctlError(error)) return error;
  if (error instanceof Error && error.name === 'AbortError') {
    return new AgentctlError('Interrupted', 'interrupted', { fix: 'run the command again', cause: error });
  }
  const remedy = [...environmentCodes].find(([code]) => hasSystemCode(error, code))?.[1];
  if (remedy === undefined) return undefined;
  return new AgentctlError('EnvironmentNotReady', messageOf(error), {
    fix: `${remedy}, then run it again`,
    cause: error,
  });
}
