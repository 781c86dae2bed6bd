import * as z from 'zod';
import { show } from '../../plan/reference.js';
import { defineStep } from '../../plan/step.js';
import type { SupervisorClient } from '../../supervisor/client.js';
import { type BackupStatus, backupRequest } from '../../supervisor/protocol.js';
import type { LocalTools } from './local-tools.js';
import { reportedFailure } from './reported-failure.js';

const pollSeconds = 0.1;

const outputs = z.strictObject({ backup: z.string(), bytes: z.int(), revision: z.string().nullable() });

/** Has the supervisor take a backup of the database and waits until it is whole. The database goes on serving. */
export const takeBackup = defineStep<LocalTools>()({
  kind: 'take-backup',
  inputs: backupRequest,
  outputs,
  describe: ({ reason }) => (reason === 'manual' ? 'back up the database' : `back up the database (${show(reason)})`),
  async check({ id }, { tools, signal }) {
    const supervisor = await tools.supervisor(signal);
    const status = await supervisor.backup(id, { signal });
    return status?.state === 'done' ? outputsOf(status) : undefined;
  },
  async run(request, { tools, signal, log }) {
    const supervisor = await tools.supervisor(signal);
    await supervisor.putBackup(request, { signal });
    const status = await waitForEnd(supervisor, request.id, tools, signal);
    log(`backup ${request.id}, ${(status.backup.bytes / 1e6).toFixed(1)} MB`);
    return outputsOf(status);
  },
});

type DoneBackup = Extract<BackupStatus, { state: 'done' }>;

async function waitForEnd(
  supervisor: SupervisorClient,
  id: string,
  tools: LocalTools,
  signal: AbortSignal,
): Promise<DoneBackup> {
  try {
    for (;;) {
      const status = await supervisor.backup(id, { signal });
      if (status?.state === 'done') return status;
      if (status?.state !== 'running') throw reportedFailure(status?.problem, `backup ${id}`);
      await tools.sleep(pollSeconds, signal);
    }
  } catch (error) {
    // Interrupted: nobody waits for it any more.
    if (signal.aborted) await supervisor.deleteBackup(id);
    throw error;
  }
}

function outputsOf({ backup: { id, bytes, revision } }: DoneBackup): z.output<typeof outputs> {
  return { backup: id, bytes, revision };
}
