import * as z from 'zod';
import { show } from '../../plan/reference.js';
import { defineStep } from '../../plan/step.js';
import { awaitWell } from './await-well.js';
import type { GcpStepTools } from './gcp-step-tools.js';
import { answerProblem, checkedService, revisionProblem, trafficProblem, withRevisions } from './service-checks.js';
import { stackOutputs } from './stage-request.js';

/**
 * Proves that the requested digest serves: all traffic of every service goes to the revision of the release, which runs that
 * digest, and the public address answers.
 */
export const verifyRelease = defineStep<GcpStepTools>()({
  kind: 'verify-release',
  inputs: z.strictObject({
    release: z.string(),
    services: z.array(checkedService),
    /** Outputs of the service configuration: they name the revisions. */
    revisions: stackOutputs,
    /** Outputs of the foundation. */
    foundation: stackOutputs,
    /** How long it may take until everything is as it should be: names and certificates of a new address take their time. */
    withinSeconds: z.number(),
  }),
  outputs: z.strictObject({ url: z.string() }),
  describe: ({ release }) => `verify that ${show(release)} serves`,
  async run({ release, withinSeconds, ...request }, context) {
    const { tools, signal, log } = context;
    const services = withRevisions(request.services, request.revisions);
    const url = request.foundation['Url'] ?? '';
    await awaitWell({ otherwise: `release ${release} does not hold`, withinSeconds, services }, context, async () => {
      for (const service of services) {
        const problem =
          (await trafficProblem(service, tools, signal)) ??
          (await revisionProblem(service, tools, signal)) ??
          (await answerProblem(url, service, tools, signal));
        if (problem !== undefined) return problem;
      }
      return undefined;
    });
    log(url === '' ? `${release} runs` : `${release} answers on ${url}`);
    return { url };
  },
});
