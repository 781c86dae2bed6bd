import * as z from 'zod';
import { stackName } from '../../../stacks/aws/naming.js';
import { show } from '../../plan/reference.js';
import { defineStep, type StepContext } from '../../plan/step.js';
import type { AwsStepTools } from './aws-step-tools.js';
import { stackKind, stackOutputs, stageRequest } from './stage-request.js';

const inputs = z.strictObject({
  stack: stackKind,
  request: stageRequest,
  /** Logical ids of resources with data that may be replaced or removed. */
  allowReplace: z.array(z.string()),
});

/** What every step that deploys a stack yields. */
export const deployedOutputs = z.strictObject({
  outputs: stackOutputs,
  /** Of the foundation: where images are pushed; empty for the others. */
  repository: z.string(),
  changed: z.boolean(),
});

const titles = {
  foundation: 'deploy the foundation: network, data, load balancer',
  migrations: 'deploy the task definitions of the migrations',
  service: 'roll out the services',
} as const;

/**
 * Brings one stack to what the request says. A step that was cut short is run again: CloudFormation is waited for when it
 * is still at it, and a stack that is as it should be is left alone.
 */
export const deployStack = defineStep<AwsStepTools>()({
  kind: 'deploy-stack',
  inputs,
  outputs: deployedOutputs,
  describe: ({ stack, request }) => {
    const title = typeof stack === 'string' ? titles[stack] : 'deploy a stack';
    const release = 'release' in request ? request.release : null;
    return stack === 'service' && release !== null ? `${title} of ${show(release)}` : title;
  },
  run: deploy,
});

/** Deploys a stack. What changes is what was confirmed: the plan has shown it. */
export async function deploy(
  { stack, request, allowReplace }: z.output<typeof inputs>,
  { tools, signal, log }: StepContext<AwsStepTools>,
): Promise<z.output<typeof deployedOutputs>> {
  // The foundation does not know what runs on it: that of any release will do.
  const assembly = stack === 'foundation' ? tools.synth.anyAssembly : tools.synth.assembly;
  const { directory } = await assembly(request, signal);
  const name = stackName({ name: request.spec.name, stage: request.stage }, stack);
  const options = { assembly: directory, stack: name, allowWidening: true, allowReplace, signal, log };
  const { changed, state } = await tools.aws.stacks.deploy(options);
  if (!changed) log(`${name} is as it should be`);
  return { outputs: { ...state.outputs }, repository: state.outputs['RepositoryUri'] ?? '', changed };
}
