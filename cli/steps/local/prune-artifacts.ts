import * as z from 'zod';
import { defineStep } from '../../plan/step.js';
import type { LocalTools } from './local-tools.js';

/** Removes builds that no kept release needs. */
export const pruneArtifacts = defineStep<LocalTools>()({
  kind: 'prune-artifacts',
  inputs: z.strictObject({ keys: z.array(z.string()) }),
  outputs: z.strictObject({}),
  describe: () => 'remove builds that are no longer needed',
  async run({ keys }, { tools, signal, log }) {
    for (const key of keys) {
      await tools.removeBuild(key, signal);
      log(`removed ${key}`);
    }
    return {};
  },
});
