import { readdirSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { hasSystemCode } from '../../errors.js';
import { hasEnded, processStat } from './identity.js';

const pollMilliseconds = 20;
/** After SIGKILL only the kernel is left to wait for. */
const killWaitSeconds = 10;

/** Whether any process of a group still runs. Processes that have ended and were not collected do not count. */
export function isGroupAlive(groupId: number): boolean {
  if (!canSignal(-groupId)) return false;
  if (process.platform !== 'linux') return true;
  // Usually the leader is the last to go: its one file spares us reading those of every process of the machine.
  const leader = processStat(groupId);
  if (leader !== undefined && !hasEnded(leader)) return true;
  // A container often has no init that collects orphans: they would look alive for ever.
  return readdirSync('/proc').some((entry) => {
    if (!/^\d+$/.test(entry)) return false;
    const stat = processStat(entry);
    return stat?.processGroup === groupId && !hasEnded(stat);
  });
}

/** Sends a signal to a whole group; does nothing when it is gone. */
export function signalGroup(groupId: number, signal: NodeJS.Signals): void {
  // kill(2) takes 0 for our own group and 1 belongs to init: no child of ours is either.
  if (!(groupId > 1)) throw new Error(`not a process group of ours: ${groupId}`);
  try {
    process.kill(-groupId, signal);
  } catch {
    // Gone already, or (macOS) only uncollected processes are left in it.
  }
}

/** How a group is asked to end. */
export interface StopGroupOptions {
  /** Time between the first signal and SIGKILL. */
  readonly graceSeconds: number;
  /** @default SIGTERM */
  readonly signal?: NodeJS.Signals;
}

/** Ends a process group: the signal, the grace, SIGKILL. Resolves when the whole group is gone. */
export async function stopGroup(groupId: number, options: StopGroupOptions): Promise<void> {
  signalGroup(groupId, options.signal ?? 'SIGTERM');
  if (await isGoneWithin(groupId, options.graceSeconds)) return;
  signalGroup(groupId, 'SIGKILL');
  await isGoneWithin(groupId, killWaitSeconds);
}

async function isGoneWithin(groupId: number, seconds: number): Promise<boolean> {
  const deadline = performance.now() + seconds * 1000;
  while (isGroupAlive(groupId)) {
    if (performance.now() >= deadline) return false;
    await sleep(pollMilliseconds);
  }
  return true;
}

function canSignal(target: number): boolean {
  try {
    process.kill(target, 0);
    return true;
  } catch (error) {
    return hasSystemCode(error, 'EPERM');
  }
}
