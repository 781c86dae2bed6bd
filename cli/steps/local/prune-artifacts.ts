import * as z from 'zod';
import { defineStep } from '../../plan/step.js';
import type { LocalTools } from './local-tools.js';

/** Removes builds that no kept release needs. */
export const pruneArtifacts = defineStep<LocalTools>()({
  kind: 'prune-artifacts',
  inputs: z.strictObject({ digests: z.array(z.string()) }),
  outputs: z.strictObject({}),
  describe: () => 'remove builds that are no longer needed',
  async run({ digests }, { tools, log }) {
    for (const digest of digests) {
      await tools.artifacts.remove(digest);
      log(`removed ${digest.slice(0, 19)}`);
    }
    return {};
  },
});
