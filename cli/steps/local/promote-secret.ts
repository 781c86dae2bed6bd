import * as z from 'zod';
import { show } from '../../plan/reference.js';
import { defineStep } from '../../plan/step.js';
import type { LocalTools } from './local-tools.js';

/** Brings the staged value of a secret into use for every process that starts from now on. */
export const promoteSecret = defineStep<LocalTools>()({
  kind: 'promote-secret',
  inputs: z.strictObject({ name: z.string() }),
  outputs: z.strictObject({}),
  describe: ({ name }) => `bring the new value of ${show(name)} into use`,
  run({ name }, { tools }) {
    tools.rotation.promote(name);
    return Promise.resolve({});
  },
});
