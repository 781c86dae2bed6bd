import { rmSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { isAgentctlError } from '../errors.js';
import { lockOwner, stopGroup } from '../tools/process/index.js';
import { type DesiredState, readDesired } from './desired-state.js';
import { guardOf } from './guard-keeper.js';
import { connectSupervisor } from './launch.js';
import { endLeftover, leftoversOf } from './leftovers.js';
import { type StateLayout, stateLayout } from './state-layout.js';

/** Replicas and the database get their grace, one after the other; by then a supervisor has let go of everything. */
const endWithinSeconds = 60;
const pollMilliseconds = 20;

/**
 * Stops a supervisor, its guard and everything they keep; resolves when their processes are gone, so that nothing writes
 * into the state directory any more. Also ends what a supervisor that was killed has left behind. False: nothing ran.
 */
export async function stopSupervisor(
  stateDirectory: string,
  options: { readonly signal?: AbortSignal } = {},
): Promise<boolean> {
  const layout = stateLayout(stateDirectory);
  const deadline = performance.now() + endWithinSeconds * 1000;
  let hasRun = false;
  for (;;) {
    options.signal?.throwIfAborted();
    const client = await connectSupervisor(layout.directory);
    const supervisor = lockOwner(layout.directory, 'supervisor');
    if (client !== undefined) await client.shutdown(options).catch(ignoreUnavailable);
    // One that was killed must not come back; the guard ends when it sees this.
    else if (supervisor === undefined) rmSync(layout.supervisorFile, { force: true });
    const running = [supervisor, guardOf(layout)].filter((process) => process !== undefined);
    if (client === undefined && running.length === 0) break;
    hasRun = true;
    if (performance.now() >= deadline) await Promise.all(running.map(({ pid }) => stopGroup(pid, { graceSeconds: 0 })));
    await sleep(pollMilliseconds);
  }
  const left = leftoversOf(recordedProcesses(layout));
  await Promise.all(left.map((record) => endLeftover(record)));
  return hasRun || left.length > 0;
}

/** It may be killed while it stops. */
function ignoreUnavailable(error: unknown): void {
  if (!isAgentctlError(error) || error.code !== 'TargetUnavailable') throw error;
}

/** None when the state cannot be read: then nobody knows what ran. */
function recordedProcesses(layout: StateLayout): DesiredState['processes'] {
  try {
    return readDesired(layout).processes;
  } catch (error) {
    if (isAgentctlError(error)) return [];
    throw error;
  }
}
