import * as z from 'zod';
import { show } from '../../plan/reference.js';
import { defineStep } from '../../plan/step.js';
import { releaseRecord } from '../../ledger/release-record.js';
import type { LocalTools } from './local-tools.js';

/** Writes the outcome of a release into the ledger. */
export const recordRelease = defineStep<LocalTools>()({
  kind: 'record-release',
  inputs: releaseRecord,
  outputs: z.strictObject({ release: z.string() }),
  describe: ({ id, outcome }) => `record ${show(id)} as ${show(outcome)}`,
  async run(record, { tools }) {
    await tools.ledger.put(record);
    return { release: record.id };
  },
});
