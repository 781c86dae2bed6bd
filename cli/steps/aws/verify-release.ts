import * as z from 'zod';
import {
  foundationOutputsSchema,
  serviceNameOutput,
  serviceTargetGroupOutputs,
  serviceTaskDefinitionOutput,
} from '../../../stacks/aws/outputs.js';
import { AgentctlError } from '../../errors.js';
import { show } from '../../plan/reference.js';
import { defineStep, type StepContext } from '../../plan/step.js';
import type { AwsStepTools } from './aws-step-tools.js';
import { serviceProblem } from './service-problem.js';
import { stackOutputs } from './stage-request.js';

const check = z.strictObject({
  /** Path behind the public address. */
  path: z.string(),
  /** Whether the path is the service's own readiness check (any answer under 500 does for other paths). */
  readiness: z.boolean(),
});

const inputs = z.strictObject({
  release: z.string(),
  /** `image`: `repository@sha256:…`, what its containers must run. */
  services: z.array(z.strictObject({ name: z.string(), image: z.string(), check: check.nullable() })),
  /** Outputs of the foundation stack. */
  foundation: stackOutputs,
  /** Outputs of the service stack. */
  service: stackOutputs,
  /** How long it may take until everything is as it should be: names and certificates of a new address take their time. */
  withinSeconds: z.number(),
});
type Inputs = z.output<typeof inputs>;

/**
 * Proves that the requested digest serves: every task of every service runs it, the load balancer finds them healthy, and
 * the public address answers.
 */
export const verifyRelease = defineStep<AwsStepTools>()({
  kind: 'verify-release',
  inputs,
  outputs: z.strictObject({ url: z.string() }),
  describe: ({ release }) => `verify that ${show(release)} serves`,
  async run(request, context) {
    const { tools, signal, log } = context;
    const { Url: url = '' } = foundationOutputsSchema.parse(request.foundation);
    const deadline = performance.now() + request.withinSeconds * 1000;
    for (let said = ''; ;) {
      const problem = (await unhealthy(request, context)) ?? (await unanswered(url, request, context));
      if (problem === undefined) break;
      if (problem.isFinal || performance.now() > deadline) throw await notHolding(problem.what, request, context);
      if (problem.what !== said) log(`not yet: ${problem.what}`);
      said = problem.what;
      await tools.sleep(tools.aws.pollSeconds, signal);
    }
    log(url === '' ? `${request.release} runs` : `${request.release} answers on ${url}`);
    return { url };
  },
});

interface Problem {
  readonly what: string;
  /** Waiting does not help. */
  readonly isFinal: boolean;
}

async function unhealthy(
  { services, foundation, service }: Inputs,
  { tools, signal }: StepContext<AwsStepTools>,
): Promise<Problem | undefined> {
  const { ClusterName: cluster } = foundationOutputsSchema.parse(foundation);
  for (const { name, image } of services) {
    const ecsName = service[serviceNameOutput(name)];
    const wanted = service[serviceTaskDefinitionOutput(name)];
    const [state] = ecsName === undefined ? [] : await tools.aws.services.states(cluster, [ecsName], signal);
    if (ecsName === undefined || wanted === undefined || state === undefined || state.status !== 'ACTIVE') {
      return { what: `there is no service ${name}`, isFinal: true };
    }
    const [rollout] = await tools.aws.services.rollouts(cluster, ecsName, signal);
    const tasks = await tools.aws.services.tasks(cluster, ecsName, signal);
    const groups = serviceTargetGroupOutputs(name).flatMap((output) => service[output] ?? []);
    const found = await Promise.all(groups.map(async (group) => await tools.aws.services.targets(group, signal)));
    const targets = groups.length === 0 ? undefined : found.flat();
    const problem = serviceProblem({ name, image, wanted, state, rollout, tasks, targets });
    if (problem !== undefined) return problem;
  }
  return undefined;
}

async function unanswered(
  url: string,
  { services }: Inputs,
  { tools, signal }: StepContext<AwsStepTools>,
): Promise<Problem | undefined> {
  for (const { name, check } of services) {
    if (check === null || url === '') continue;
    const answer = await tools.probe(new URL(check.path, url).href, signal);
    if (answer.kind === 'unreachable') {
      return { what: `GET ${check.path} (${name}) did not answer: ${answer.reason}`, isFinal: false };
    }
    const good = check.readiness ? answer.status < 400 : answer.status < 500;
    if (!good) {
      const what = `GET ${check.path} (${name}) answered ${answer.status}: ${answer.body.slice(0, 200)}`;
      return { what, isFinal: false };
    }
  }
  return undefined;
}

async function notHolding(
  problem: string,
  { release, services, foundation, service }: Inputs,
  { tools, signal }: StepContext<AwsStepTools>,
): Promise<AgentctlError> {
  const { ClusterName: cluster } = foundationOutputsSchema.parse(foundation);
  const names = services.flatMap(({ name }) => service[serviceNameOutput(name)] ?? []);
  const found = await Promise.all(
    names.map(async (name) => await tools.aws.services.diagnosis(cluster, name, signal).catch(() => [])),
  );
  const detail = found.flat().map((line) => `  | ${line}`);
  return new AgentctlError('StepFailed', `release ${release} does not hold: ${problem}`, {
    fix: 'mend what its last log lines name and deploy again',
    ...(detail.length === 0 ? {} : { detail: detail.join('\n') }),
  });
}
