import * as z from 'zod';
import { stateKeys } from '../../../stacks/gcp/naming.js';
import { defineStep } from '../../plan/step.js';
import type { GcpStepTools } from './gcp-step-tools.js';
import { stageScope } from './stage-request.js';

/**
 * Removes what the state bucket has of a stage: release records and Terraform's states, which have nothing in them any more.
 * The lock is whose run this is. The bucket keeps older versions of what is removed, as of everything.
 */
export const forgetStage = defineStep<GcpStepTools>()({
  kind: 'forget-stage',
  inputs: z.strictObject({ scope: stageScope }),
  outputs: z.strictObject({ objects: z.int() }),
  retry: { attempts: 4, backoffSeconds: 2 },
  describe: () => 'remove the release records',
  async run({ scope }, { tools, signal, log }) {
    const { objects } = tools.gcp.state;
    const lock = stateKeys.lock(scope);
    const found = (await objects.list(stateKeys.stage(scope), signal)).filter(({ key }) => key !== lock);
    for (const { key, version } of found) await objects.remove(key, version, signal);
    log(`${found.length} objects`);
    return { objects: found.length };
  },
});
