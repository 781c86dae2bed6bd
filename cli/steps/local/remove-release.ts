import * as z from 'zod';
import { show } from '../../plan/reference.js';
import { defineStep } from '../../plan/step.js';
import type { LocalTools } from './local-tools.js';

/** Recovery: stops every process of a release that did not come up. */
export const removeRelease = defineStep<LocalTools>()({
  kind: 'remove-release',
  inputs: z.strictObject({ release: z.string() }),
  outputs: z.strictObject({}),
  describe: ({ release }) => `remove ${show(release)}`,
  async run({ release }, { tools, signal }) {
    const supervisor = await tools.runningSupervisor();
    await supervisor?.deleteRelease(release, { force: true, signal });
    return {};
  },
});
