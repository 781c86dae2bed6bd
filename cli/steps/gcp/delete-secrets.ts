import * as z from 'zod';
import { isSecretOf, secretPrefix } from '../../../stacks/gcp/naming.js';
import { defineStep } from '../../plan/step.js';
import type { GcpStepTools } from './gcp-step-tools.js';
import { stageScope } from './stage-request.js';

/** Deletes every secret of a stage: Secret Manager keeps nothing of one that is deleted. */
export const deleteSecrets = defineStep<GcpStepTools>()({
  kind: 'delete-secrets',
  inputs: z.strictObject({ scope: stageScope }),
  outputs: z.strictObject({ secrets: z.int() }),
  retry: { attempts: 4, backoffSeconds: 2 },
  describe: () => 'delete the secrets, for good',
  async run({ scope }, { tools, signal, log }) {
    const found = (await tools.gcp.secrets.list(secretPrefix(scope), signal)).filter((name) => isSecretOf(scope, name));
    for (const name of found) await tools.gcp.secrets.remove(name, signal);
    log(`${found.length} secrets`);
    return { secrets: found.length };
  },
});
