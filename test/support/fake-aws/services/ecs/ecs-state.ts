import type * as client from '@aws-sdk/client-ecs';
import type { FakeWorld } from '../../fake-world.js';
import { ServiceError } from '../../service-error.js';
import type { EcsService } from './ecs-service.js';
import type { EcsTask } from './ecs-task.js';
import type { TaskDefinitions } from './task-definitions.js';
import { createTaskDefinitions } from './task-definitions.js';

export interface EcsCluster {
  readonly arn: string;
  readonly name: string;
  readonly settings: client.ClusterSetting[];
  /** By name; those deleted are not in it. */
  readonly services: Map<string, EcsService>;
  /** By ARN; stopped ones stay. */
  readonly tasks: Map<string, EcsTask>;
}

/** What ECS knows. */
export interface EcsState {
  readonly clusters: Map<string, EcsCluster>;
  readonly taskDefinitions: TaskDefinitions;
  createCluster(name: string, settings?: client.ClusterSetting[]): EcsCluster;
  /** By name or ARN. @throws ServiceError ClusterNotFoundException */
  cluster(reference: string | undefined): EcsCluster;
  /** By name or ARN. @throws ServiceError ServiceNotFoundException */
  service(cluster: string | undefined, reference: string | undefined): EcsService;
  /** Revisions of services, by ARN; they outlive their services. */
  readonly serviceRevisions: Map<string, client.ServiceRevision>;
}

/** The clusters of one fake: `world.state(ecsState)`. Everything that runs in them ends with it. */
export function ecsState(world: FakeWorld): EcsState {
  const clusters = new Map<string, EcsCluster>();
  const state: EcsState = {
    clusters,
    taskDefinitions: createTaskDefinitions(world),
    serviceRevisions: new Map(),
    createCluster(name, settings = []) {
      const arn = world.arn('ecs', `cluster/${name}`);
      const cluster = clusters.get(name) ?? { arn, name, settings, services: new Map(), tasks: new Map() };
      clusters.set(name, cluster);
      return cluster;
    },
    cluster(reference = 'default') {
      const found = clusters.get(reference.split('cluster/').at(-1) ?? '');
      if (found === undefined) throw new ServiceError('ClusterNotFoundException', 'Cluster not found.');
      return found;
    },
    service(cluster, reference = '') {
      const found = state.cluster(cluster).services.get(reference.split('/').at(-1) ?? '');
      if (found === undefined) throw new ServiceError('ServiceNotFoundException', 'Service not found.');
      return found;
    },
  };
  world.onStop(async () => {
    const all = [...clusters.values()];
    for (const { services } of all) for (const service of services.values()) service.close();
    await Promise.all(all.flatMap(({ tasks }) => [...tasks.values()].map(async (task) => await task.kill())));
  });
  return state;
}
