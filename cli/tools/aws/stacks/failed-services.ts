import type { ServiceTools } from '../services/service-tools.js';
import type { ResourceFailure } from './stack-events.js';

/** Finds out why services did not come up. */
export interface FailedServices {
  /** Asks ECS at once when it is a service that failed: the rollback of a first deploy takes the service away. */
  readonly onFailure: (failure: ResourceFailure) => void;
  /** What ECS said, in the order the services failed; empty when it said nothing. */
  readonly found: () => Promise<readonly string[]>;
}

/** Of one deploy. What cannot be found out is left out: it must not hide the failure itself. */
export function failedServices(services: ServiceTools, signal: AbortSignal): FailedServices {
  const asked = new Map<string, Promise<readonly string[]>>();
  const ask = async (cluster: string, name: string): Promise<readonly string[]> => {
    const lines = await services.diagnosis(cluster, name, signal).catch(() => []);
    return lines.map((line) => `${name}: ${line}`);
  };
  return {
    onFailure({ type, physicalId }) {
      // arn:aws:ecs:eu-central-1:123456789012:service/CLUSTER/NAME; empty when it was never made.
      const [, cluster, name] = /:service\/([^/]+)\/([^/]+)$/.exec(physicalId) ?? [];
      if (type !== 'AWS::ECS::Service' || cluster === undefined || name === undefined) return;
      if (!asked.has(physicalId)) asked.set(physicalId, ask(cluster, name));
    },
    found: async () => (await Promise.all(asked.values())).flat(),
  };
}
