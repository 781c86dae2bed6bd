import type { ResourceType } from '../resource-type.js';
import { deleteCluster } from '../services/ecs/cluster-operations.js';
import { ecsState } from '../services/ecs/ecs-state.js';
import { camelCased } from './camel-cased.js';

export const clusterType: ResourceType = {
  type: 'AWS::ECS::Cluster',
  create: async (properties, context) => {
    const state = context.world.state(ecsState);
    const name = String(properties['ClusterName'] ?? context.newName(255));
    const settings = camelCased(properties['ClusterSettings'] ?? []) as [];
    const { arn } = state.createCluster(name, settings);
    return { physicalId: name, attributes: { Arn: arn } };
  },
  update: async (resource) => resource,
  delete: async (resource, _properties, { world }) => {
    const { clusters } = world.state(ecsState);
    const cluster = clusters.get(resource.physicalId);
    if (cluster !== undefined) deleteCluster(clusters, cluster);
  },
};
