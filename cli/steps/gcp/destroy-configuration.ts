import * as z from 'zod';
import { workloadName } from '../../../stacks/gcp/naming.js';
import { messageOf } from '../../errors.js';
import { show } from '../../plan/reference.js';
import { defineStep } from '../../plan/step.js';
import { terraformStack } from './deploy-configuration.js';
import type { GcpStepTools } from './gcp-step-tools.js';
import { stackKind, stageRequest } from './stage-request.js';

const titles = {
  service: 'take the services away',
  migrations: 'take away what is of the migrations',
  foundation: 'take the foundation away: network, data, registry, public address',
} as const;

/** Takes away what a configuration has made, whatever protects it; nothing to take away is no error. */
export const destroyConfiguration = defineStep<GcpStepTools>()({
  kind: 'destroy-configuration',
  inputs: z.strictObject({
    stack: stackKind,
    /** What it was made from, without protection. */
    request: stageRequest,
    /** What stays whatever is destroyed here, for the last word. */
    keeps: z.array(z.string()),
  }),
  outputs: z.strictObject({ kept: z.array(z.string()) }),
  describe: ({ stack }) => (typeof stack === 'string' ? titles[stack] : `take away ${show(stack)}`),
  async run({ stack, request, keeps }, context) {
    const { tools, signal, log } = context;
    const place = await terraformStack(stack, request, context);
    const there = await tools.terraform.resources(place, { signal, log });
    if (there.length > 0) {
      await tools.synth.narrowed(place.configuration, there, async (configuration) => {
        const narrowed = { ...place, configuration };
        const options = { stack: narrowed, allowWidening: true, allowReplace: there, signal, log };
        // The provider destroys nothing that its state says is protected: that is changed first.
        if (stack === 'foundation') await tools.terraform.deploy(options);
        if (stack === 'service') await liftOrRemove(async () => await tools.terraform.deploy(options));
        await tools.terraform.destroy(options);
      });
    }
    return { kept: [...keeps] };

    /** A service that never came up cannot be changed: Terraform finds it gone then. */
    async function liftOrRemove(lift: () => Promise<unknown>): Promise<void> {
      try {
        await lift();
      } catch (error) {
        if (signal.aborted) throw error;
        log(`the services are deleted as they are: ${messageOf(error)}`);
        for (const [name, { port }] of Object.entries(request.spec.services)) {
          const runName = workloadName({ name: request.spec.name, stage: request.stage }, name);
          await tools.gcp.services.remove(port === undefined ? 'worker' : 'service', runName, signal);
        }
      }
    }
  },
});
