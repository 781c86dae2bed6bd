import * as z from 'zod';
import { releaseRecord } from '../../ledger/release-record.js';
import { show } from '../../plan/reference.js';
import { defineStep } from '../../plan/step.js';
import type { LocalTools } from './local-tools.js';

/**
 * Writes the outcome of a release into the ledger, with what the schema is by now, and has the releases that it replaced
 * begin to drain: whatever happens to us from here on, they end by themselves.
 */
export const recordRelease = defineStep<LocalTools>()({
  kind: 'record-release',
  inputs: z.strictObject({
    ...releaseRecord.shape,
    schema: releaseRecord.shape.schema.pick({ before: true }),
    retires: z.array(z.string()),
  }),
  outputs: z.strictObject({ release: z.string() }),
  describe: ({ id, outcome }) => `record ${show(id)} as ${show(outcome)}`,
  async run({ schema, retires, ...record }, { tools, signal }) {
    await tools.ledger.put({ ...record, schema: { ...schema, after: await tools.schemaRevision(signal) } });
    const supervisor = retires.length === 0 ? undefined : await tools.runningSupervisor();
    for (const release of retires) {
      if ((await supervisor?.release(release)) !== undefined) await supervisor?.drainRelease(release);
    }
    return { release: record.id };
  },
});
