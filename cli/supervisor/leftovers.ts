import { isSameProcess, stopGroup } from '../tools/process/index.js';
import type { ProcessRecord } from './desired-state.js';

/** Nobody talks to them any more: what they write goes nowhere, and the gateway before them is gone. */
const graceSeconds = 3;
const postgresGraceSeconds = 8;

/**
 * Ends what an earlier life of the supervisor left running: recorded processes, with their groups, that still are the
 * same process (pid and start time). Resolves with those it ended, when they are gone.
 */
export async function endLeftovers(records: readonly ProcessRecord[]): Promise<readonly ProcessRecord[]> {
  const left = records.filter((record) => isSameProcess(record));
  await Promise.all(
    left.map((record) =>
      record.label === 'postgres'
        ? stopGroup(record.pid, { graceSeconds: postgresGraceSeconds, signal: 'SIGINT' })
        : stopGroup(record.pid, { graceSeconds }),
    ),
  );
  return left;
}
