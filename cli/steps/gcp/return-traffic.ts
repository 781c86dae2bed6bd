import * as z from 'zod';
import { show } from '../../plan/reference.js';
import { defineStep } from '../../plan/step.js';
import { candidateTag } from './check-candidate.js';
import type { GcpStepTools } from './gcp-step-tools.js';
import { withRevisions } from './service-checks.js';
import { runService, stackOutputs } from './stage-request.js';

/** Has the revisions of a release serve that are there already: at once, as they have never gone. */
export const returnTraffic = defineStep<GcpStepTools>()({
  kind: 'return-traffic',
  inputs: z.strictObject({
    release: z.string(),
    services: z.array(runService),
    /** Outputs that the service configuration had then: they name the revisions. */
    revisions: stackOutputs,
  }),
  outputs: z.strictObject({}),
  retry: { attempts: 6, backoffSeconds: 2 },
  describe: ({ release }) => `give all traffic to the revisions of ${show(release)}`,
  async run({ services, revisions }, { tools, signal, log }) {
    for (const { name, runName, kind, revision } of withRevisions(services, revisions)) {
      const state = await tools.gcp.services.state(kind, runName, signal);
      const served = state?.traffic.filter(({ percent }) => percent > 0) ?? [];
      const isThere = served.length > 0 && served.every((one) => one.revision === revision && !one.isLatest);
      if (!isThere) {
        await tools.gcp.services.moveTraffic({ kind, name: runName, to: { [revision]: 100 }, signal });
        log(`${name} is at ${revision}`);
      }
      // A revision with a tag keeps its instances, whether it serves or not.
      if (kind === 'service') await tools.gcp.services.setTag(runName, candidateTag, null, signal);
    }
    return {};
  },
});
