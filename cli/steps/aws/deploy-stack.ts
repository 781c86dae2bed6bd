import * as z from 'zod';
import { ecsServiceName, stackName } from '../../../stacks/aws/naming.js';
import { show } from '../../plan/reference.js';
import { defineStep, type StepContext } from '../../plan/step.js';
import type { ShiftingServices } from '../../tools/aws/stacks/watch-shifts.js';
import type { AwsStepTools } from './aws-step-tools.js';
import { stackKind, stackOutputs, stageRequest, type StageRequest } from './stage-request.js';

const inputs = z.strictObject({
  stack: stackKind,
  request: stageRequest,
  /** Logical ids of resources with data that may be replaced or removed. */
  allowReplace: z.array(z.string()),
  /**
   * What becomes of parts that the request no longer has. `now`: they go. `later`: they stay, as services use them until they
   * are rolled out. `due`: that has happened, and they go.
   */
  removal: z.enum(['now', 'later', 'due']),
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
  describe: ({ stack, request, removal }) => {
    if (removal === 'due') return 'remove from the foundation what nothing uses any more';
    const title = typeof stack === 'string' ? titles[stack] : 'deploy a stack';
    const release = 'release' in request ? request.release : null;
    return stack === 'service' && release !== null ? `${title} of ${show(release)}` : title;
  },
  run: deploy,
});

/** Deploys a stack. What changes is what was confirmed: the plan has shown it. */
export async function deploy(
  input: z.output<typeof inputs>,
  context: StepContext<AwsStepTools>,
): Promise<z.output<typeof deployedOutputs>> {
  const { stack, request, removal } = input;
  const { tools, signal } = context;
  // The foundation does not know what runs on it: that of any release will do.
  const assembly = stack === 'foundation' ? tools.synth.anyAssembly : tools.synth.assembly;
  const made = await assembly(request, signal);
  const { directory } = made;
  const name = stackName({ name: request.spec.name, stage: request.stage }, stack);
  const before = removal === 'later' ? await tools.aws.stacks.template(name, signal) : undefined;
  if (before === undefined) return await deployFrom(directory, input, context);
  return await tools.synth.withParts(
    made,
    { stack: name, before },
    async (copy) => await deployFrom(copy, input, context),
  );
}

async function deployFrom(
  directory: string,
  { stack, request, allowReplace }: z.output<typeof inputs>,
  { tools, signal, log }: StepContext<AwsStepTools>,
): Promise<z.output<typeof deployedOutputs>> {
  const name = stackName({ name: request.spec.name, stage: request.stage }, stack);
  const options = { assembly: directory, stack: name, allowWidening: true, allowReplace, signal, log };
  const shifting = stack === 'service' ? await shiftingServices(request, tools, signal) : undefined;
  if (shifting !== undefined) await sayUnwatched(request, { tools, signal, log });
  const { changed, state } = await tools.aws.stacks.deploy({
    ...options,
    ...(shifting === undefined ? {} : { shifting }),
  });
  if (!changed) log(`${name} is as it should be`);
  return { outputs: { ...state.outputs }, repository: state.outputs['RepositoryUri'] ?? '', changed };
}

/** Services whose rollouts move traffic; undefined when they are rolling. */
async function shiftingServices(
  { spec, stage }: StageRequest,
  { aws }: Pick<AwsStepTools, 'aws'>,
  signal: AbortSignal,
): Promise<ShiftingServices | undefined> {
  const scope = { name: spec.name, stage };
  const routed = Object.entries(spec.services).filter(([, { routes }]) => routes.length > 0);
  if ((spec.clouds.aws?.rollout.strategy ?? 'rolling') === 'rolling' || routed.length === 0) return undefined;
  const foundation = await aws.stacks.state(stackName(scope, 'foundation'), signal);
  const names = routed.map(([service]) => ecsServiceName(scope, service));
  return { cluster: foundation?.outputs['ClusterName'] ?? '', names };
}

/** ECS watches no alarm that is firing already when a rollout begins. */
async function sayUnwatched(
  { spec, stage }: StageRequest,
  { tools, signal, log }: Pick<StepContext<AwsStepTools>, 'tools' | 'signal' | 'log'>,
): Promise<void> {
  const firing = await tools.aws.checks.firingAlarms(`${spec.name}-${stage}-`, signal);
  for (const alarm of firing.filter((name) => /-rollout-(errors|unhealthy)$/.test(name)))
    log(`${alarm} is firing, so ECS does not go back because of it during this rollout`);
}
