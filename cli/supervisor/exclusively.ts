import { closeSync, openSync, rmSync, statSync } from 'node:fs';
import { AgentctlError, hasSystemCode } from '../errors.js';

/** What is guarded takes milliseconds; a guard this old was left by a process that was killed meanwhile. */
const abandonedMilliseconds = 5000;
const giveUpMilliseconds = 15_000;
const pauseMilliseconds = 5;

/**
 * Does short work while no other process does work under the same guard: a file that is created exclusively.
 *
 * @throws AgentctlError TimedOut when others never let it
 */
export function exclusively<R>(guard: string, work: () => R): R {
  const deadline = performance.now() + giveUpMilliseconds;
  while (!created(guard)) {
    if (isAbandoned(guard)) rmSync(guard, { force: true });
    else if (performance.now() >= deadline) {
      throw new AgentctlError('TimedOut', `${guard} is held by somebody else`, {
        fix: `Remove ${guard} and try again.`,
      });
    }
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, pauseMilliseconds);
  }
  try {
    return work();
  } finally {
    rmSync(guard, { force: true });
  }
}

function created(guard: string): boolean {
  try {
    closeSync(openSync(guard, 'wx', 0o600));
    return true;
  } catch (error) {
    if (hasSystemCode(error, 'EEXIST')) return false;
    throw error;
  }
}

/** Either way: a clock that was put back must not keep it for ever. */
function isAbandoned(guard: string): boolean {
  const changedAt = statSync(guard, { throwIfNoEntry: false })?.mtimeMs;
  return changedAt !== undefined && Math.abs(Date.now() - changedAt) > abandonedMilliseconds;
}
