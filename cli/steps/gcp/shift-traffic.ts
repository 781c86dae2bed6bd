import * as z from 'zod';
import { AgentctlError, isAgentctlError } from '../../errors.js';
import { show } from '../../plan/reference.js';
import { defineStep, type StepContext } from '../../plan/step.js';
import { errorRatioProblem } from './error-ratio.js';
import type { GcpStepTools } from './gcp-step-tools.js';
import {
  answerProblem,
  checkedService,
  type CheckedService,
  revisionProblem,
  withRevisions,
} from './service-checks.js';
import { stackOutputs } from './stage-request.js';

const inputs = z.strictObject({
  release: z.string(),
  services: z.array(checkedService),
  /** Outputs of the service configuration: they name the revisions. */
  revisions: stackOutputs,
  /** What serves and keeps the rest, by service; empty for all of it. */
  from: z.record(z.string(), z.string()),
  /** Of the traffic, to the new revision. */
  percent: z.int().min(1).max(100),
  /** How long the share is watched. */
  bakeSeconds: z.number(),
  /** Outputs of the foundation. */
  foundation: stackOutputs,
});
type Inputs = z.output<typeof inputs>;

/**
 * Has a share of the requests, or all of them, go to the new revisions, and watches for a while. Worker pools have no
 * requests to divide: they change with the last share.
 */
export const shiftTraffic = defineStep<GcpStepTools>()({
  kind: 'shift-traffic',
  inputs,
  outputs: z.strictObject({}),
  retry: { attempts: 3, backoffSeconds: 2 },
  describe: ({ release, percent, bakeSeconds }) => {
    const watched = typeof bakeSeconds === 'number' && bakeSeconds > 0 ? `, and watch it for ${bakeSeconds} s` : '';
    return `give ${show(release)} ${show(percent)} % of the traffic${watched}`;
  },
  async run(request, context) {
    const { from, percent } = request;
    const { tools, signal } = context;
    const services = withRevisions(request.services, request.revisions);
    for (const { name, runName, kind, revision } of services) {
      if (kind === 'worker' && percent < 100) continue;
      const before = from[name];
      const rest = percent < 100 && before !== undefined && before !== revision ? { [before]: 100 - percent } : {};
      const to = { [revision]: Object.keys(rest).length === 0 ? 100 : percent, ...rest };
      await tools.gcp.services.moveTraffic({ kind, name: runName, to, signal });
    }
    await watch(services, request, context);
    return {};
  },
});

/** One look that goes wrong may be a request that met an instance as it ended; two in a row are not. */
async function watch(
  services: readonly CheckedService[],
  { release, bakeSeconds, foundation, from }: Inputs,
  context: StepContext<GcpStepTools>,
): Promise<void> {
  const { tools, signal } = context;
  const url = foundation['Url'] ?? '';
  if (bakeSeconds === 0) return;
  const countedProblem = errorCounter(services, from, context);
  const until = performance.now() + bakeSeconds * 1000;
  for (let bad = 0; ;) {
    let problem: string | undefined;
    for (const service of services) {
      const found =
        (await revisionProblem(service, tools, signal)) ?? (await answerProblem(url, service, tools, signal));
      problem ??= found?.what;
    }
    bad = problem === undefined ? 0 : bad + 1;
    const counted = await countedProblem();
    if ((problem !== undefined && bad === 2) || counted !== undefined) {
      throw new AgentctlError('StepFailed', `${release} does not hold under traffic: ${counted ?? problem}`, {
        fix: 'mend what its log names (agentctl logs) and deploy again',
      });
    }
    if (performance.now() >= until && bad === 0) return;
    await tools.sleep(tools.gcp.pollSeconds, signal);
  }
}

/** Looks at what Cloud Monitoring has counted from now on. Where it may not be asked, that is said once, and nothing is known. */
function errorCounter(
  services: readonly CheckedService[],
  from: Readonly<Record<string, string>>,
  { tools, signal, log }: StepContext<GcpStepTools>,
): () => Promise<string | undefined> {
  const since = new Date();
  let isSilent = false;
  const counts = async (service: string, revision: string) =>
    await tools.gcp.monitoring.answers({ service, revision, since, signal });
  return async () => {
    if (isSilent) return undefined;
    try {
      for (const { name, runName, kind, revision } of services) {
        if (kind === 'worker') continue;
        const before = from[name];
        const now = await counts(runName, revision);
        if (now.serverErrors === 0) continue;
        const problem = errorRatioProblem(now, before === undefined ? undefined : await counts(runName, before));
        if (problem !== undefined) return `${revision} of ${name}: ${problem} (Cloud Monitoring)`;
      }
      return undefined;
    } catch (error) {
      if (!isAgentctlError(error) || signal.aborted) throw error;
      isSilent = true;
      log(`server errors are not counted, as Cloud Monitoring cannot be asked: ${error.message}`);
      return undefined;
    }
  };
}
