import * as z from 'zod';
import { show } from '../../plan/reference.js';
import { defineStep } from '../../plan/step.js';
import type { AwsStepTools } from './aws-step-tools.js';

/** Makes a value current that waits beside the one that is. Tasks that run keep theirs. */
export const promoteSecret = defineStep<AwsStepTools>()({
  kind: 'promote-secret',
  inputs: z.strictObject({ secret: z.string(), name: z.string(), version: z.string() }),
  outputs: z.strictObject({}),
  retry: { attempts: 4, backoffSeconds: 2 },
  describe: ({ secret }) => `bring the new value of ${show(secret)} into use`,
  async run({ name, version }, { tools, signal }) {
    await tools.aws.secrets.promote(name, version, signal);
    return {};
  },
});
