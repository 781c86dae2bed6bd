import * as z from 'zod';
import { show } from '../../plan/reference.js';
import { defineStep } from '../../plan/step.js';
import type { AwsStepTools } from './aws-step-tools.js';

/** Takes a snapshot of the database, which goes on serving. The same id twice is one snapshot. */
export const snapshotDatabase = defineStep<AwsStepTools>()({
  kind: 'snapshot-database',
  inputs: z.strictObject({
    id: z.string(),
    instance: z.string(),
    /** `manual`, `before-migration`, `final`. */
    reason: z.string(),
    tags: z.record(z.string(), z.string()),
  }),
  outputs: z.strictObject({ backup: z.string() }),
  describe: ({ reason }) =>
    reason === 'manual' ? 'take a snapshot of the database' : `take a snapshot of the database (${show(reason)})`,
  async run({ id, instance, reason, tags }, { tools, signal, log }) {
    const options = { id, instance, tags: { ...tags, 'agentctl:reason': reason } };
    const snapshot = await tools.aws.database.createSnapshot(options, { signal, log });
    log(`snapshot ${snapshot.id}, of ${snapshot.storageGiB} GiB`);
    return { backup: snapshot.id };
  },
});
