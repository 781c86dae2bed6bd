import type * as client from '@aws-sdk/client-ecs';
import type { FakeWorld } from '../../fake-world.js';
import { ServiceError } from '../../service-error.js';
import { type EcsCluster, ecsState } from './ecs-state.js';

export function clusterOperations(world: FakeWorld) {
  const state = world.state(ecsState);
  return {
    CreateCluster: ({ clusterName = 'default', settings = [] }: client.CreateClusterCommandInput) => ({
      cluster: clusterView(state.createCluster(clusterName, settings)),
    }),
    DescribeClusters: ({ clusters = ['default'] }: client.DescribeClustersCommandInput) => {
      const found = clusters.map((reference) => ({
        reference,
        cluster: state.clusters.get(reference.split('cluster/').at(-1) ?? ''),
      }));
      return {
        clusters: found.flatMap(({ cluster }) => (cluster === undefined ? [] : [clusterView(cluster)])),
        failures: found
          .filter(({ cluster }) => cluster === undefined)
          .map(({ reference }) => ({ arn: reference, reason: 'MISSING' })),
      };
    },
    ListClusters: () => ({ clusterArns: [...state.clusters.values()].map(({ arn }) => arn) }),
    DeleteCluster: ({ cluster: reference }: client.DeleteClusterCommandInput) => {
      const cluster = state.cluster(reference);
      deleteCluster(state.clusters, cluster);
      return { cluster: { ...clusterView(cluster), status: 'INACTIVE' } };
    },
  };
}

/** @throws ServiceError ClusterContainsServicesException, ClusterContainsTasksException */
export function deleteCluster(clusters: Map<string, EcsCluster>, cluster: EcsCluster): void {
  if (cluster.services.size > 0) {
    const message = 'The Cluster cannot be deleted while Services are active.';
    throw new ServiceError('ClusterContainsServicesException', message);
  }
  if ([...cluster.tasks.values()].some(({ lastStatus }) => lastStatus !== 'STOPPED')) {
    throw new ServiceError('ClusterContainsTasksException', 'The Cluster cannot be deleted while Tasks are active.');
  }
  clusters.delete(cluster.name);
}

function clusterView(cluster: EcsCluster): client.Cluster {
  const live = [...cluster.tasks.values()].filter(({ desiredStatus }) => desiredStatus === 'RUNNING');
  const running = live.filter(({ lastStatus }) => lastStatus === 'RUNNING').length;
  return {
    clusterArn: cluster.arn,
    clusterName: cluster.name,
    status: 'ACTIVE',
    settings: cluster.settings,
    activeServicesCount: cluster.services.size,
    runningTasksCount: running,
    pendingTasksCount: live.length - running,
  };
}
