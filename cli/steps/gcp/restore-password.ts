import * as z from 'zod';
import { generatedSecretName } from '../../../stacks/gcp/naming.js';
import { defineStep } from '../../plan/step.js';
import { disableNewer } from './disable-versions.js';
import type { GcpStepTools } from './gcp-step-tools.js';
import { givePassword } from './give-password.js';
import { stageScope } from './stage-request.js';

/** Gives the database its password from before a rotation that failed or was cut short. */
export const restorePassword = defineStep<GcpStepTools>()({
  kind: 'restore-password',
  inputs: z.strictObject({
    scope: stageScope,
    instance: z.string(),
    /** The version of its secret that comes into force again. */
    before: z.string(),
  }),
  outputs: z.strictObject({}),
  retry: { attempts: 4, backoffSeconds: 2 },
  describe: () => 'give the database its former password back',
  async run({ scope, instance, before }, { tools, signal }) {
    await givePassword({ scope, instance, version: before }, { tools, signal });
    await disableNewer({ name: generatedSecretName(scope, 'postgres'), before }, { tools, signal });
    return {};
  },
});
