import * as z from 'zod';
import { show } from '../../plan/reference.js';
import { defineStep } from '../../plan/step.js';
import type { GcpStepTools } from './gcp-step-tools.js';

/** Has Cloud SQL take a backup; the database goes on serving. The same description twice is one backup. */
export const snapshotDatabase = defineStep<GcpStepTools>()({
  kind: 'snapshot-database',
  inputs: z.strictObject({
    instance: z.string(),
    /** `manual`, `before-migration`. */
    reason: z.string(),
    /** Says whose it is and why it was taken: backups of Cloud SQL have no labels. */
    description: z.string(),
  }),
  outputs: z.strictObject({ backup: z.string() }),
  describe: ({ reason }) =>
    reason === 'manual' ? 'take a backup of the database' : `take a backup of the database (${show(reason)})`,
  async run({ instance, description }, { tools, signal, log }) {
    const { id } = await tools.gcp.database.createBackup({ instance, description }, { signal, log });
    return { backup: id };
  },
});
