import * as z from 'zod';
import { defineStep } from '../../plan/step.js';
import { show } from '../../plan/reference.js';
import { awaitWell } from './await-well.js';
import type { GcpStepTools } from './gcp-step-tools.js';
import { answerProblem, checkedService, revisionProblem, withRevisions } from './service-checks.js';
import { stackOutputs } from './stage-request.js';

/** The tag that the load balancer leads requests with the header to. */
export const candidateTag = 'candidate';

/**
 * Looks at the new revisions before anybody gets to them: each is up and runs the image it should, and answers through the
 * real way in, which a header opens.
 */
export const checkCandidate = defineStep<GcpStepTools>()({
  kind: 'check-candidate',
  inputs: z.strictObject({
    release: z.string(),
    services: z.array(checkedService),
    /** Outputs of the service configuration: they name the revisions. */
    revisions: stackOutputs,
    /** Outputs of the foundation. */
    foundation: stackOutputs,
    header: z.strictObject({ name: z.string(), value: z.string() }),
    withinSeconds: z.number(),
  }),
  outputs: z.strictObject({}),
  describe: ({ release }) => `look at ${show(release)} before it gets traffic`,
  async run({ release, header, withinSeconds, ...request }, context) {
    const { tools, signal, log } = context;
    const services = withRevisions(request.services, request.revisions);
    const url = request.foundation['Url'] ?? '';
    for (const { kind, runName, revision } of services) {
      if (kind === 'service') await tools.gcp.services.setTag(runName, candidateTag, revision, signal);
    }
    const options = { otherwise: `${release} does not come up`, withinSeconds, services };
    await awaitWell(options, context, async () => {
      for (const service of services) {
        const problem =
          (await revisionProblem(service, tools, signal)) ??
          (await answerProblem(url, service, tools, signal, { [header.name]: header.value }));
        if (problem !== undefined) return problem;
      }
      return undefined;
    });
    log(`${release} is up, and gets no traffic yet`);
    return {};
  },
});
