import * as z from 'zod';
import { defineStep } from '../../plan/step.js';
import type { LocalTools } from './local-tools.js';

/** Stops the gateway, every replica, Redis, PostgreSQL and the supervisor. Nothing that runs is left. */
export const stopEverything = defineStep<LocalTools>()({
  kind: 'stop-everything',
  inputs: z.strictObject({}),
  outputs: z.strictObject({}),
  timeoutSeconds: 120,
  describe: () => 'stop every process',
  async run(_, { tools, signal, log }) {
    if (!(await tools.stopSupervisor(signal))) log('nothing runs');
    return {};
  },
});
