import { rmSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { isAgentctlError } from '../errors.js';
import { findEngine } from '../tools/engine/index.js';
import { lockOwner, stopGroup } from '../tools/process/index.js';
import { removeContainers, removeNetworks } from './containers/stage-containers.js';
import { type DesiredState, readDesired } from './desired-state.js';
import { guardOf } from './guard-keeper.js';
import { connectSupervisor } from './launch.js';
import { endLeftover, leftoversOf } from './leftovers.js';
import { type StateLayout, stateLayout } from './state-layout.js';

export interface StopOptions {
  readonly signal?: AbortSignal;
  /** Where the container engine is, and how to talk to it. */
  readonly environment: Readonly<Record<string, string | undefined>>;
}

/** Replicas and the database get their grace, one after the other; by then a supervisor has let go of everything. */
const endWithinSeconds = 60;
const pollMilliseconds = 20;

/**
 * Stops a supervisor, its guard and everything they keep; resolves when their processes are gone, so that nothing writes
 * into the state directory any more. Also ends what a supervisor that was killed has left behind. False: nothing ran.
 *
 * @throws AgentctlError ToolMissing, EnvironmentNotReady: it has left containers, and their engine does not answer
 */
export async function stopSupervisor(stateDirectory: string, options: StopOptions): Promise<boolean> {
  const layout = stateLayout(stateDirectory);
  const deadline = performance.now() + endWithinSeconds * 1000;
  let hasRun = false;
  for (;;) {
    options.signal?.throwIfAborted();
    const client = await connectSupervisor(layout.directory);
    const supervisor = lockOwner(layout.directory, 'supervisor');
    if (client !== undefined)
      await client.shutdown(options.signal === undefined ? {} : { signal: options.signal }).catch(ignoreUnavailable);
    // One that was killed must not come back; the guard ends when it sees this.
    else if (supervisor === undefined) rmSync(layout.supervisorFile, { force: true });
    const running = [supervisor, guardOf(layout)].filter((process) => process !== undefined);
    if (client === undefined && running.length === 0) break;
    hasRun = true;
    if (performance.now() >= deadline) await Promise.all(running.map(({ pid }) => stopGroup(pid, { graceSeconds: 0 })));
    await sleep(pollMilliseconds);
  }
  const { processes, usesContainers } = recorded(layout);
  const left = leftoversOf(processes);
  await Promise.all(left.map((record) => endLeftover(record)));
  if (usesContainers) await removeLeftContainers(layout, options);
  return hasRun || left.length > 0;
}

async function removeLeftContainers({ key }: StateLayout, { environment, signal }: StopOptions): Promise<void> {
  const engine = await findEngine({ environment, ...(signal === undefined ? {} : { signal }) });
  const stage = { engine, environment, key };
  await removeContainers(stage);
  await removeNetworks(stage);
}

/** It may be killed while it stops. */
function ignoreUnavailable(error: unknown): void {
  if (!isAgentctlError(error) || error.code !== 'TargetUnavailable') throw error;
}

/** Nothing when the state cannot be read: then nobody knows what ran. */
function recorded(layout: StateLayout): Pick<DesiredState, 'processes' | 'usesContainers'> {
  try {
    return readDesired(layout);
  } catch (error) {
    if (isAgentctlError(error)) return { processes: [], usesContainers: false };
    throw error;
  }
}
