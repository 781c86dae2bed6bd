import { isSameProcess, stopGroup } from '../tools/process/index.js';
import type { ProcessRecord } from './desired-state.js';

/** Nobody talks to them any more: what they write goes nowhere, and the gateway before them is gone. */
const graceSeconds = 3;
const postgresGraceSeconds = 8;

/** Recorded processes that still are the same process (pid and start time). */
export function leftoversOf(records: readonly ProcessRecord[]): readonly ProcessRecord[] {
  return records.filter((record) => isSameProcess(record));
}

/**
 * Whether nothing may be started before it is gone: a server has its port and data, a task must not run twice. Only
 * replicas, `r7/api.1`, are not: a rollout has the old and the new ones beside each other as well.
 */
export function isInTheWay({ label }: ProcessRecord): boolean {
  return !label.includes('/');
}

/** Ends what an earlier life of the supervisor left running, with its group. Resolves when it is gone. */
export async function endLeftover({ label, pid }: ProcessRecord): Promise<void> {
  if (label.startsWith('postgres')) await stopGroup(pid, { graceSeconds: postgresGraceSeconds, signal: 'SIGINT' });
  else await stopGroup(pid, { graceSeconds });
}
