import type { FakeWorld } from '../fake-world.js';
import type { Properties, ResourceType } from '../resource-type.js';
import { updateService } from '../services/ecs/ecs-service.js';
import { ecsState } from '../services/ecs/ecs-state.js';

/** Brings the service within its bounds at once; no policy ever moves it. */
export const scalableTargetType: ResourceType = {
  type: 'AWS::ApplicationAutoScaling::ScalableTarget',
  create: async (properties, { world }) => {
    keepWithin(world, properties);
    const id = ['ResourceId', 'ScalableDimension', 'ServiceNamespace']
      .map((name) => String(properties[name]))
      .join('|');
    return { physicalId: id, attributes: { Id: id } };
  },
  update: async (resource, properties, _previous, { world }) => {
    keepWithin(world, properties);
    return resource;
  },
  delete: async () => undefined,
};

function keepWithin(world: FakeWorld, properties: Properties): void {
  const [kind, cluster, name] = String(properties['ResourceId']).split('/');
  if (kind !== 'service') return;
  const service = world.state(ecsState).service(cluster, name);
  const { desiredCount } = service.settings;
  const bounded = Math.min(
    Math.max(desiredCount, Number(properties['MinCapacity'])),
    Number(properties['MaxCapacity']),
  );
  if (bounded !== desiredCount) updateService(world, service, { desiredCount: bounded });
}
