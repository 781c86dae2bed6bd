import * as z from 'zod';
import { AgentctlError, isAgentctlError } from '../../errors.js';
import type { TerraformDiagnostic } from './ui-line.js';

const stateLock = z.object({
  id: z.string(),
  /** Of the state in the backend. */
  path: z.string(),
  /** `OperationTypeApply`, `state-push`. */
  operation: z.string(),
  /** `user@host`. */
  who: z.string(),
  /** ISO 8601; null when it cannot be read. */
  since: z.string().nullable(),
});

/** Who holds the lock of a state, as Terraform tells it. */
export type StateLock = z.output<typeof stateLock>;

/** Pure: the holder of the lock, when that is what is wrong. */
export function lockIn(diagnostics: readonly TerraformDiagnostic[]): StateLock | undefined {
  return lockToldBy(diagnostics.filter((one) => !isOfRelease(one)));
}

/** Pure: the lock that a command had taken and could not free at its end. */
export function leftLockIn(diagnostics: readonly TerraformDiagnostic[]): StateLock | undefined {
  return lockToldBy(diagnostics.filter(isOfRelease));
}

/** Pure: whether it is about freeing a lock; that of taking one tells the lock in the same way. */
export function isOfRelease({ summary, detail }: TerraformDiagnostic): boolean {
  const said = `${summary}\n${detail}`;
  return /releas|unlock/i.test(summary) && (lockInfo.test(said) || isFreed(said));
}

/** Pure: whether a lock is gone, and only the answer was lost (cloud.google.com/go/storage, ErrObjectNotExist). */
export function isFreed(said: string): boolean {
  return /object doesn['’]t exist/i.test(said.replaceAll(/[│\s]+/g, ' '));
}

const lockInfo = /^Lock Info:/m;

function lockToldBy(diagnostics: readonly TerraformDiagnostic[]): StateLock | undefined {
  const text = diagnostics.map(({ summary, detail }) => `${summary}\n${detail}`).find((said) => lockInfo.test(said));
  if (text === undefined) return undefined;
  const field = (name: string): string => new RegExp(`^\\s*${name}:[ \\t]*(.*)$`, 'm').exec(text)?.[1]?.trim() ?? '';
  return {
    id: field('ID'),
    path: field('Path'),
    operation: field('Operation'),
    who: field('Who'),
    since: timeOf(field('Created')),
  };
}

/** `2026-11-28 21:57:28.43077916 +0000 UTC` as Go prints it. */
function timeOf(text: string): string | null {
  const [, date, time, milliseconds = '.0'] = /^(\S+) (\d\d:\d\d:\d\d)(\.\d{1,3})?\d* \+0000 UTC/.exec(text) ?? [];
  if (date === undefined || time === undefined) return null;
  const parsed = new Date(`${date}T${time}${milliseconds}Z`);
  return Number.isNaN(parsed.getTime()) ? null : parsed.toISOString();
}

const operations: Readonly<Record<string, string>> = {
  OperationTypeApply: 'an apply',
  OperationTypePlan: 'a plan',
  OperationTypeRefresh: 'a refresh',
};

/** Pure: a state that somebody else works on. `command`: what frees it, and nothing else does. */
export function lockedByOthers(stack: string, lock: StateLock, command: string): AgentctlError {
  const what = operations[lock.operation] ?? (lock.operation === '' ? 'something' : lock.operation);
  const since = lock.since === null ? '' : ` since ${lock.since}`;
  return new AgentctlError('Locked', `the state of ${stack} is locked by ${what} of ${lock.who}${since}`, {
    fix: `wait until it has ended. If nothing of it runs any more: ${command}`,
    detail: `lock ${lock.id} of ${lock.path}`,
    data: { stack, ...lock },
  });
}

/** Pure: the lock that an error is about; undefined: it is about something else. */
export function lockOf(error: unknown): StateLock | undefined {
  return isAgentctlError(error) && error.code === 'Locked' ? stateLock.safeParse(error.data).data : undefined;
}
