import { setTimeout as delay } from 'node:timers/promises';
import type {
  DeploymentConfiguration,
  LoadBalancer,
  NetworkConfiguration,
  PropagateTags,
  ServiceRegistry,
} from '@aws-sdk/client-ecs';
import { fakeTiming } from '../fake-timing.js';
import type { FakeWorld } from '../fake-world.js';
import { type Properties, ResourceFailure, type ResourceType } from '../resource-type.js';
import { ServiceError } from '../service-error.js';
import {
  createService,
  deleteService,
  type EcsService,
  type ServiceSettings,
  updateService,
} from '../services/ecs/ecs-service.js';
import { ecsState } from '../services/ecs/ecs-state.js';
import { camelCased } from './camel-cased.js';

/** Waits for the steady state, as CloudFormation does; a deployment that ECS gives up fails the resource. */
export const serviceType: ResourceType = {
  type: 'AWS::ECS::Service',
  create: async (properties, context) => {
    const { world } = context;
    const cluster = world.state(ecsState).cluster(properties['Cluster'] as string | undefined);
    const service = createService(world, {
      ...settingsOf(world, properties),
      name: String(properties['ServiceName'] ?? context.newName(255)),
      cluster,
      tags: (camelCased(properties['Tags'] ?? []) as { key: string; value: string }[]).concat(
        context.tags.map(({ Key, Value }) => ({ key: Key, value: Value })),
      ),
      desiredCount: Number(properties['DesiredCount'] ?? 1),
    });
    const created = { physicalId: service.arn, attributes: { ServiceArn: service.arn, Name: service.name } };
    try {
      await steady(service, context.signal);
    } catch (error) {
      // It is there until the rollback takes it away.
      throw new ResourceFailure(error instanceof Error ? error.message : String(error), created);
    }
    return created;
  },
  update: async (resource, properties, _previous, context) => {
    const { world } = context;
    const service = world.state(ecsState).service(properties['Cluster'] as string | undefined, resource.physicalId);
    const [before] = service.records;
    updateService(world, service, {
      ...settingsOf(world, properties),
      // What autoscaling has set stays when the template says nothing.
      ...(properties['DesiredCount'] === undefined ? {} : { desiredCount: Number(properties['DesiredCount']) }),
    });
    // Back to what ECS has gone back to by itself: that is no deployment, and the one that failed is no failure of this.
    if (service.records[0] !== before || before?.status === 'IN_PROGRESS') await steady(service, context.signal);
    else await rolledBack(world, service, context.signal);
    return resource;
  },
  delete: async (resource, properties, { world }) => {
    const state = world.state(ecsState);
    const found = state.clusters
      .get(
        String(properties['Cluster'] ?? 'default')
          .split('/')
          .at(-1) ?? '',
      )
      ?.services.get(resource.physicalId.split('/').at(-1) ?? '');
    if (found !== undefined) await deleteService(found);
  },
};

function settingsOf(world: FakeWorld, properties: Properties): Omit<ServiceSettings, 'desiredCount'> {
  const configuration = camelCased(properties['DeploymentConfiguration'] ?? {}) as DeploymentConfiguration;
  return {
    taskDefinition: world.state(ecsState).taskDefinitions.find(properties['TaskDefinition'] as string | undefined),
    deploymentConfiguration: configuration,
    loadBalancers: camelCased(properties['LoadBalancers'] ?? []) as LoadBalancer[],
    serviceRegistries: camelCased(properties['ServiceRegistries'] ?? []) as ServiceRegistry[],
    networkConfiguration: camelCased(properties['NetworkConfiguration']) as NetworkConfiguration | undefined,
    healthCheckGracePeriodSeconds: Number(properties['HealthCheckGracePeriodSeconds'] ?? 0),
    enableExecuteCommand: String(properties['EnableExecuteCommand']) === 'true',
    propagateTags: properties['PropagateTags'] as PropagateTags | undefined,
  };
}

async function rolledBack(world: FakeWorld, service: EcsService, signal: AbortSignal): Promise<void> {
  while (service.records[0]?.status === 'ROLLBACK_IN_PROGRESS' && !signal.aborted) {
    await delay(world.state(fakeTiming).serviceMilliseconds);
  }
}

const endings = {
  alarm: 'ECS Deployment Alarms were triggered',
  'circuit breaker': 'ECS Deployment Circuit Breaker was triggered',
  stop: 'ECS Deployment was stopped',
} as const;

async function steady(service: EcsService, signal: AbortSignal): Promise<void> {
  const [record] = service.records;
  if (record === undefined) return;
  const aborted = new Promise<{ readonly kind: 'aborted' }>((resolve) => {
    if (signal.aborted) resolve({ kind: 'aborted' });
    signal.addEventListener('abort', () => resolve({ kind: 'aborted' }), { once: true });
  });
  const end = await Promise.race([record.settled, aborted]);
  switch (end.kind) {
    case 'completed':
      return;
    case 'superseded':
      return await steady(service, signal);
    case 'aborted':
      throw new ServiceError('ResourceUpdateCancelled', 'Resource update cancelled');
    case 'failed': {
      throw new ServiceError('GeneralServiceException', `Error occurred during operation '${endings[end.by]}'.`);
    }
    default:
      return end satisfies never;
  }
}
