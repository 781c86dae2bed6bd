import * as z from 'zod';
import { show } from '../../plan/reference.js';
import { defineStep } from '../../plan/step.js';
import type { AwsStepTools } from './aws-step-tools.js';
import { passwordInputs, setPassword } from './change-password.js';

/** Recovery: gives the database its password from before a rotation. */
export const restorePassword = defineStep<AwsStepTools>()({
  kind: 'restore-password',
  inputs: passwordInputs,
  outputs: z.strictObject({}),
  retry: { attempts: 4, backoffSeconds: 2 },
  describe: ({ secret }) => `give the database its former password back (${show(secret)})`,
  async run(wanted, context) {
    await setPassword(wanted, context);
    await context.tools.aws.secrets.restore(wanted.name, wanted.version, context.signal);
    return {};
  },
});
