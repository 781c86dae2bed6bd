import * as z from 'zod';
import { stackName } from '../../../stacks/aws/naming.js';
import { show } from '../../plan/reference.js';
import { defineStep } from '../../plan/step.js';
import type { AwsStepTools } from './aws-step-tools.js';
import { stackKind, stageScope } from './stage-request.js';

/** Deletes a stack; one that is gone is no error. */
export const destroyStack = defineStep<AwsStepTools>()({
  kind: 'destroy-stack',
  inputs: z.strictObject({
    scope: stageScope,
    stack: stackKind,
    /** Also when it is protected from being deleted. */
    unprotect: z.boolean(),
    /** What stays whatever is deleted here, for the last word. */
    keeps: z.array(z.string()),
  }),
  outputs: z.strictObject({ kept: z.array(z.string()) }),
  describe: ({ stack }) => `delete the ${show(stack)} stack`,
  async run({ scope, stack, unprotect, keeps }, { tools, signal, log }) {
    const options = { stack: stackName(scope, stack), unprotect, signal, log };
    const { kept } = await tools.aws.stacks.destroy(options);
    return { kept: [...kept, ...keeps] };
  },
});
