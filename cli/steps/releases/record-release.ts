import * as z from 'zod';
import type { Ledger } from '../../ledger/file-ledger.js';
import { releaseRecord } from '../../ledger/release-record.js';
import { show } from '../../plan/reference.js';
import { defineStep } from '../../plan/step.js';

/** Writes the outcome of a release into the ledger. What its migrations said of the schema is the last that is known of it. */
export const recordRelease = defineStep<{ readonly ledger: Ledger }>()({
  kind: 'record-release',
  inputs: z.strictObject({
    ...releaseRecord.shape,
    schema: releaseRecord.shape.schema.pick({ before: true }),
    /** What each migration said, in order; null: nothing. */
    revisions: z.array(z.string().nullable()),
  }),
  outputs: z.strictObject({ release: z.string() }),
  retry: { attempts: 6, backoffSeconds: 2 },
  describe: ({ id, outcome }) => `record ${show(id)} as ${show(outcome)}`,
  async run({ schema, revisions, ...record }, { tools }) {
    const after = revisions.findLast((revision) => revision !== null) ?? schema.before;
    await tools.ledger.put({ ...record, schema: { ...schema, after } });
    return { release: record.id };
  },
});
