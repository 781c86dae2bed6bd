import * as z from 'zod';
import { show } from '../../plan/reference.js';
import { defineStep } from '../../plan/step.js';
import { type RestoreStatus, restoreRequest } from '../../supervisor/protocol.js';
import type { LocalTools } from './local-tools.js';
import { reportedFailure } from './reported-failure.js';

const pollSeconds = 0.1;

const outputs = z.strictObject({ backup: z.string(), previous: z.string() });

/**
 * Has the supervisor restore a backup beside the database, verify it and put it in its place. Until then the database
 * serves; what is replaced is kept, under the id of the restore.
 */
export const restoreBackup = defineStep<LocalTools>()({
  kind: 'restore-backup',
  inputs: restoreRequest,
  outputs,
  describe: ({ backup }) => `restore backup ${show(backup)}`,
  async check({ id }, { tools, signal }) {
    const supervisor = await tools.supervisor(signal);
    const status = await supervisor.restore(id, { signal });
    return status?.state === 'done' ? outputsOf(status) : undefined;
  },
  async run(request, { tools, signal, log }) {
    const supervisor = await tools.supervisor(signal);
    await supervisor.putRestore(request, { signal });
    let said = 0;
    try {
      for (;;) {
        const status = await supervisor.restore(request.id, { signal });
        for (const step of status?.steps.slice(said) ?? []) log(step);
        said = status?.steps.length ?? said;
        if (status?.state === 'done') return outputsOf(status);
        if (status?.state !== 'running') throw reportedFailure(status?.problem, `restore ${request.id}`);
        await tools.sleep(pollSeconds, signal);
      }
    } catch (error) {
      // Interrupted: data that nobody expects any more must not take the place of what is there.
      if (signal.aborted) await supervisor.deleteRestore(request.id);
      throw error;
    }
  },
});

function outputsOf({ id, backup }: RestoreStatus): z.output<typeof outputs> {
  return { backup, previous: id };
}
