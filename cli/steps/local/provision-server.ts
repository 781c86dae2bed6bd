import * as z from 'zod';
import { show } from '../../plan/reference.js';
import { defineStep } from '../../plan/step.js';
import { serverRequest } from '../../supervisor/protocol.js';
import type { LocalTools } from './local-tools.js';

/** Has the supervisor bring up a server of the agent as a container; one that is up already is left alone. */
export const provisionServer = defineStep<LocalTools>()({
  kind: 'provision-server',
  inputs: serverRequest,
  outputs: z.strictObject({ image: z.string() }),
  // With the time to pull an image.
  timeoutSeconds: 1800,
  retry: { attempts: 4, backoffSeconds: 1 },
  describe: ({ name }) => `start ${show(name)}`,
  async run(request, { tools, signal, log }) {
    const { image } = request.container;
    await tools.pullImage(image, { signal, log });
    const supervisor = await tools.supervisor(signal);
    const { port } = await supervisor.putServer(request, { signal });
    log(`${request.name}:${port} in the network of the stage, ${image}`);
    return { image };
  },
});
