import type { ComposeContext } from './compose-context.js';
import type { ComposeService } from './compose-service.js';
import { onReadyData } from './migrations.js';
import { workloadContainer } from './workload-container.js';

/**
 * The services of the spec. They get no healthcheck: it would run inside an image we do not know, and no program that
 * makes an HTTP request is in every one. A HEALTHCHECK of the image itself is honoured by Docker.
 */
export function agentServices(context: ComposeContext): Readonly<Record<string, ComposeService>> {
  const entries = Object.entries(context.spec.services).map(([name, service]): [string, ComposeService] => [
    name,
    {
      ...workloadContainer(service, onReadyData(context), context),
      restart: 'unless-stopped',
      stop_grace_period: `${service.drain.seconds}s`,
      // A cloud may scale to nothing and start on demand; here a service that is declared runs.
      deploy: { replicas: Math.max(1, service.scale.min) },
    },
  ]);
  return Object.fromEntries(entries);
}
