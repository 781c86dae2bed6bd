import * as z from 'zod';
import { show } from '../../plan/reference.js';
import { defineStep } from '../../plan/step.js';
import { terraformStack } from './deploy-configuration.js';
import type { GcpStepTools } from './gcp-step-tools.js';
import { stageRequest } from './stage-request.js';

/** Takes away what a configuration has made, of those that hold no data; nothing to take away is no error. */
export const destroyConfiguration = defineStep<GcpStepTools>()({
  kind: 'destroy-configuration',
  inputs: z.strictObject({
    stack: z.enum(['migrations', 'service']),
    /** What it was made from, without protection. */
    request: stageRequest,
    /** What stays whatever is destroyed here, for the last word. */
    keeps: z.array(z.string()),
  }),
  outputs: z.strictObject({ kept: z.array(z.string()) }),
  describe: ({ stack }) => (stack === 'service' ? 'take the services away' : `take away what is of the ${show(stack)}`),
  async run({ stack, request, keeps }, context) {
    const { tools, signal, log } = context;
    const options = { stack: await terraformStack(stack, request, context), allowWidening: true, signal, log };
    if ((await tools.terraform.resources(options.stack, { signal, log })).length > 0) {
      // The provider destroys nothing that its state says is protected: that is changed first.
      if (stack === 'service') await tools.terraform.deploy(options);
      await tools.terraform.destroy(options);
    }
    return { kept: [...keeps] };
  },
});
