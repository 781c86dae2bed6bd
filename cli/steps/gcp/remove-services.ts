import * as z from 'zod';
import { defineStep } from '../../plan/step.js';
import type { GcpStepTools } from './gcp-step-tools.js';
import { runService } from './stage-request.js';

/**
 * Recovery of a first release: takes its services away. By gcloud, as Terraform refuses to destroy what is protected; its next
 * plan finds them gone and makes them anew.
 */
export const removeServices = defineStep<GcpStepTools>()({
  kind: 'remove-services',
  inputs: z.strictObject({ services: z.array(runService) }),
  outputs: z.strictObject({}),
  retry: { attempts: 4, backoffSeconds: 2 },
  describe: () => 'take the services away that did not come up',
  async run({ services }, { tools, signal }) {
    for (const { runName, kind } of services) await tools.gcp.services.remove(kind, runName, signal);
    return {};
  },
});
