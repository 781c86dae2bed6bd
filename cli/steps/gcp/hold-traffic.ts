import * as z from 'zod';
import { defineStep } from '../../plan/step.js';
import type { GcpStepTools } from './gcp-step-tools.js';
import { runService } from './stage-request.js';

/**
 * Pins what serves to the revisions that serve: where the traffic follows the newest revision, as after a first deploy that was
 * cut short, a new one would get it before anybody has looked at it.
 */
export const holdTraffic = defineStep<GcpStepTools>()({
  kind: 'hold-traffic',
  inputs: z.strictObject({ services: z.array(runService) }),
  outputs: z.strictObject({ pinned: z.array(z.string()) }),
  retry: { attempts: 4, backoffSeconds: 2 },
  describe: () => 'keep the traffic where it is',
  async run({ services }, { tools, signal, log }) {
    const pinned: string[] = [];
    for (const { name, runName, kind } of services) {
      const state = await tools.gcp.services.state(kind, runName, signal);
      const serving = state?.latestReady ?? null;
      if (state === undefined || serving === null || !state.traffic.some((one) => one.isLatest)) continue;
      await tools.gcp.services.moveTraffic({ kind, name: runName, to: { [serving]: 100 }, signal });
      log(`${name} stays at ${serving}`);
      pinned.push(name);
    }
    return { pinned };
  },
});
