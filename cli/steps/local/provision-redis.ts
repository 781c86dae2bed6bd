import * as z from 'zod';
import { defineStep } from '../../plan/step.js';
import type { LocalTools } from './local-tools.js';

/** Has the supervisor bring up Redis; one that is up already is left alone. */
export const provisionRedis = defineStep<LocalTools>()({
  kind: 'provision-redis',
  inputs: z.strictObject({}),
  outputs: z.strictObject({ port: z.int(), version: z.string() }),
  timeoutSeconds: 60,
  describe: () => 'start Redis',
  async run(_, { tools, signal, log }) {
    const supervisor = await tools.supervisor(signal);
    const { host, port, version } = await supervisor.putRedis({ signal });
    log(`Redis ${version} on ${host}:${port}`);
    return { port, version };
  },
});
