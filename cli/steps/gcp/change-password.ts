import * as z from 'zod';
import { generatedSecretName } from '../../../stacks/gcp/naming.js';
import { defineStep } from '../../plan/step.js';
import type { GcpStepTools } from './gcp-step-tools.js';
import { givePassword } from './give-password.js';
import { enableNewest } from './promote-secret.js';
import { stageScope } from './stage-request.js';

/**
 * Gives the database the newest password of its secret. Connections stay open; a new one with the password of before is
 * turned away. Terraform says no more than which version it is, and finds it true.
 */
export const changePassword = defineStep<GcpStepTools>()({
  kind: 'change-password',
  inputs: z.strictObject({
    scope: stageScope,
    instance: z.string(),
    /** The newest version of its secret before the rotation, whatever its state. */
    last: z.string(),
  }),
  outputs: z.strictObject({}),
  retry: { attempts: 4, backoffSeconds: 2 },
  describe: () => 'give the database its new password',
  async run({ scope, instance, last }, context) {
    await enableNewest({ name: generatedSecretName(scope, 'postgres'), last }, context);
    await givePassword({ scope, instance }, context);
    return {};
  },
});
