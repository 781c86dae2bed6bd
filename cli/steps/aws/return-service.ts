import * as z from 'zod';
import { show } from '../../plan/reference.js';
import { defineStep } from '../../plan/step.js';
import type { AwsStepTools } from './aws-step-tools.js';
import { deploy, deployedOutputs } from './deploy-stack.js';
import { stageRequest } from './stage-request.js';

/** Recovery: has the services run what the release before ran. CloudFormation has often gone back by itself already. */
export const returnService = defineStep<AwsStepTools>()({
  kind: 'return-service',
  inputs: z.strictObject({ request: stageRequest }),
  outputs: deployedOutputs,
  describe: ({ request }) => `return the services to ${'release' in request ? show(request.release) : 'what they ran'}`,
  run: async ({ request }, context) =>
    await deploy({ stack: 'service', request, allowReplace: [], removal: 'now' }, context),
});
