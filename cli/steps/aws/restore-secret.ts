import * as z from 'zod';
import { show } from '../../plan/reference.js';
import { defineStep } from '../../plan/step.js';
import type { AwsStepTools } from './aws-step-tools.js';

/** Recovery: makes the value from before a rotation current again. */
export const restoreSecret = defineStep<AwsStepTools>()({
  kind: 'restore-secret',
  inputs: z.strictObject({ secret: z.string(), name: z.string(), version: z.string() }),
  outputs: z.strictObject({}),
  retry: { attempts: 4, backoffSeconds: 2 },
  describe: ({ secret }) => `put the former value of ${show(secret)} back`,
  async run({ name, version }, { tools, signal }) {
    await tools.aws.secrets.restore(name, version, signal);
    return {};
  },
});
