import { setTimeout as sleep } from 'node:timers/promises';
import { isSameProcess, stopGroup } from '../tools/process/index.js';
import { connectSupervisor } from './launch.js';
import { stateLayout } from './state-layout.js';
import { readSupervisorFile } from './supervisor-file.js';

/** The supervisor answers its last request before it ends; it has let go of everything by then. */
const endWithinSeconds = 10;
const pollMilliseconds = 20;

/**
 * Stops a supervisor and everything it keeps; resolves when its process is gone, so that nothing writes into the state
 * directory any more. False: none was running.
 */
export async function stopSupervisor(
  stateDirectory: string,
  options: { readonly signal?: AbortSignal } = {},
): Promise<boolean> {
  const client = await connectSupervisor(stateDirectory);
  if (client === undefined) return false;
  const running = readSupervisorFile(stateLayout(stateDirectory));
  await client.shutdown(options);
  if (running === undefined) return true;
  const deadline = performance.now() + endWithinSeconds * 1000;
  while (isSameProcess(running)) {
    if (performance.now() >= deadline) await stopGroup(running.pid, { graceSeconds: 0 });
    await sleep(pollMilliseconds);
  }
  return true;
}
