import * as z from 'zod';
import { releaseRecord } from '../../ledger/release-record.js';
import { show } from '../../plan/reference.js';
import { defineStep } from '../../plan/step.js';
import type { LocalTools } from './local-tools.js';

/** Writes the outcome of a release into the ledger, with what the schema is by now. */
export const recordRelease = defineStep<LocalTools>()({
  kind: 'record-release',
  inputs: z.strictObject({ ...releaseRecord.shape, schema: releaseRecord.shape.schema.pick({ before: true }) }),
  outputs: z.strictObject({ release: z.string() }),
  describe: ({ id, outcome }) => `record ${show(id)} as ${show(outcome)}`,
  async run({ schema, ...record }, { tools, signal }) {
    await tools.ledger.put({ ...record, schema: { ...schema, after: await tools.schemaRevision(signal) } });
    return { release: record.id };
  },
});
