import * as z from 'zod';
import { defineStep } from '../../plan/step.js';
import type { AwsStepTools } from './aws-step-tools.js';
import { stageScope } from './stage-request.js';

/** Schedules every secret of a stage for deletion: Secrets Manager keeps them for 7 days. */
export const deleteSecrets = defineStep<AwsStepTools>()({
  kind: 'delete-secrets',
  inputs: z.strictObject({ scope: stageScope }),
  outputs: z.strictObject({ secrets: z.int() }),
  retry: { attempts: 4, backoffSeconds: 2 },
  describe: () => 'delete the secrets (they can be restored for 7 days)',
  async run({ scope: { name, stage } }, { tools, signal, log }) {
    const found = await tools.aws.secrets.list(`agentctl/${name}/${stage}/`, signal);
    for (const secret of found) await tools.aws.secrets.remove(secret.name, { recoverable: true, signal });
    log(`${found.length} secrets`);
    return { secrets: found.length };
  },
});
