import * as z from 'zod';
import { show } from '../../plan/reference.js';
import { defineStep } from '../../plan/step.js';
import type { LocalTools } from './local-tools.js';

/** Recovery: takes the rotation of a secret back. */
export const restoreSecret = defineStep<LocalTools>()({
  kind: 'restore-secret',
  inputs: z.strictObject({ name: z.string() }),
  outputs: z.strictObject({}),
  describe: ({ name }) => `bring the value of ${show(name)} before into use again`,
  run({ name }, { tools }) {
    tools.rotation.restore(name);
    return Promise.resolve({});
  },
});
