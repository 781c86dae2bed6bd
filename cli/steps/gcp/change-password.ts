import * as z from 'zod';
import { defineStep } from '../../plan/step.js';
import type { GcpStepTools } from './gcp-step-tools.js';
import { givePassword } from './give-password.js';
import { stageScope } from './stage-request.js';

/**
 * Gives the database the newest password of its secret. Connections stay open; a new one with the password of before is
 * turned away. Terraform says no more than which version it is, and finds it true.
 */
export const changePassword = defineStep<GcpStepTools>()({
  kind: 'change-password',
  inputs: z.strictObject({ scope: stageScope, instance: z.string() }),
  outputs: z.strictObject({}),
  retry: { attempts: 4, backoffSeconds: 2 },
  describe: () => 'give the database its new password',
  async run(wanted, context) {
    await givePassword(wanted, context);
    return {};
  },
});
