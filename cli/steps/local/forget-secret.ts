import * as z from 'zod';
import { show } from '../../plan/reference.js';
import { defineStep } from '../../plan/step.js';
import type { LocalTools } from './local-tools.js';

/** Forgets the value that a rotation has replaced: nothing that runs uses it any more. */
export const forgetSecret = defineStep<LocalTools>()({
  kind: 'forget-secret',
  inputs: z.strictObject({ name: z.string() }),
  outputs: z.strictObject({}),
  describe: ({ name }) => `forget the value of ${show(name)} before`,
  run({ name }, { tools }) {
    tools.rotation.forget(name);
    return Promise.resolve({});
  },
});
