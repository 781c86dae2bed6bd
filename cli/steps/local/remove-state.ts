import * as z from 'zod';
import { defineStep } from '../../plan/step.js';
import type { LocalTools } from './local-tools.js';

/** Removes what a stage left on the disk; its data only when asked to. */
export const removeState = defineStep<LocalTools>()({
  kind: 'remove-state',
  inputs: z.strictObject({ data: z.boolean() }),
  outputs: z.strictObject({ kept: z.array(z.string()).readonly() }),
  describe: ({ data }) => (data === true ? 'remove files and data' : 'remove files, keep data'),
  run: ({ data }, { tools }) => tools.removeState({ data }),
});
