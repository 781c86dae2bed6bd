import * as z from 'zod';
import { show } from '../../plan/reference.js';
import { defineStep } from '../../plan/step.js';
import { trafficRequest } from '../../supervisor/protocol.js';
import type { LocalTools } from './local-tools.js';

/** Sends every new request to a release that is ready. Open requests stay where they are. */
export const switchTraffic = defineStep<LocalTools>()({
  kind: 'switch-traffic',
  inputs: trafficRequest,
  outputs: z.strictObject({ url: z.string() }),
  describe: ({ release }) => `switch traffic to ${show(release)}`,
  async run(request, { tools, signal, log }) {
    const supervisor = await tools.supervisor(signal);
    const { url } = await supervisor.switchTraffic(request, { signal });
    log(`${url} → ${request.release}`);
    return { url };
  },
});
