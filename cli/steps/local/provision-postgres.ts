import * as z from 'zod';
import { show } from '../../plan/reference.js';
import { defineStep } from '../../plan/step.js';
import { postgresRequest } from '../../supervisor/protocol.js';
import type { LocalTools } from './local-tools.js';

/** Has the supervisor bring up PostgreSQL with the agent's database; one that is up already is left alone. */
export const provisionPostgres = defineStep<LocalTools>()({
  kind: 'provision-postgres',
  inputs: postgresRequest,
  outputs: z.strictObject({ port: z.int(), version: z.string() }),
  // A container's image may have to be pulled first.
  timeoutSeconds: ({ container }) => (container === undefined ? 120 : 1800),
  // One that dies meanwhile is started again by its supervisor.
  retry: { attempts: 4, backoffSeconds: 1 },
  describe: ({ database }) => `start PostgreSQL with database ${show(database)}`,
  async run(request, { tools, signal, log }) {
    if (request.container !== undefined) await tools.pullImage(request.container.image, { signal, log });
    const supervisor = await tools.supervisor(signal);
    const { host, port, version } = await supervisor.putPostgres(request, { signal });
    log(`PostgreSQL ${version} on ${host}:${port}`);
    return { port, version };
  },
});
