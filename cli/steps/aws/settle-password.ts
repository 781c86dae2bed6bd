import * as z from 'zod';
import { show } from '../../plan/reference.js';
import { defineStep } from '../../plan/step.js';
import type { AwsStepTools } from './aws-step-tools.js';
import { passwordInputs, setPassword } from './change-password.js';

/** A rotation that was cut short may have changed the database and not the secret: both get the current value. */
export const settlePassword = defineStep<AwsStepTools>()({
  kind: 'settle-password',
  inputs: passwordInputs.omit({ version: true }),
  outputs: z.strictObject({}),
  retry: { attempts: 4, backoffSeconds: 2 },
  describe: ({ secret }) => `take back a new password of the database that never came into use (${show(secret)})`,
  async run(wanted, context) {
    const { tools, signal } = context;
    const state = await tools.aws.secrets.state(wanted.name, signal);
    if (state === undefined || state.version === null || state.pending === null) return {};
    await setPassword({ ...wanted, version: state.version }, context);
    await tools.aws.secrets.restore(wanted.name, state.version, signal);
    return {};
  },
});
