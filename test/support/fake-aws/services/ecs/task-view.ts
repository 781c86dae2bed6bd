import type * as client from '@aws-sdk/client-ecs';
import type { EcsContainer, EcsTask } from './ecs-task.js';

/** A task as `DescribeTasks` shows it. */
export function taskView(task: EcsTask): client.Task {
  const health = task.containers.map((container) => container.health);
  const attachmentId = `${task.id.slice(0, 8)}-${task.id.slice(8, 12)}`;
  return {
    taskArn: task.arn,
    clusterArn: task.cluster.arn,
    taskDefinitionArn: task.definition.taskDefinitionArn,
    group: task.group,
    lastStatus: task.lastStatus,
    desiredStatus: task.desiredStatus,
    launchType: 'FARGATE',
    platformVersion: '1.4.0',
    platformFamily: 'Linux',
    connectivity: 'CONNECTED',
    cpu: task.definition.cpu,
    memory: task.definition.memory,
    availabilityZone: 'a',
    createdAt: task.createdAt,
    version: 1,
    healthStatus: health.includes('UNHEALTHY') ? 'UNHEALTHY' : health.includes('HEALTHY') ? 'HEALTHY' : 'UNKNOWN',
    overrides: task.overrides,
    tags: [...task.tags],
    attachments: [
      {
        id: attachmentId,
        type: 'ElasticNetworkInterface',
        status: task.lastStatus === 'STOPPED' ? 'DELETED' : 'ATTACHED',
        details: [
          { name: 'subnetId', value: task.networkConfiguration?.awsvpcConfiguration?.subnets?.[0] },
          { name: 'privateIPv4Address', value: task.address },
        ],
      },
    ],
    containers: task.containers.map((container) => containerView(task, container)),
    ...(task.startedBy === undefined ? {} : { startedBy: task.startedBy }),
    ...(task.startedAt === undefined ? {} : { startedAt: task.startedAt, connectivityAt: task.startedAt }),
    ...(task.stoppingAt === undefined ? {} : { stoppingAt: task.stoppingAt }),
    ...(task.stoppedAt === undefined ? {} : { stoppedAt: task.stoppedAt, executionStoppedAt: task.stoppedAt }),
    ...(task.stopCode === undefined ? {} : { stopCode: task.stopCode, stoppedReason: task.stoppedReason }),
  };
}

function containerView(task: EcsTask, container: EcsContainer): client.Container {
  return {
    containerArn: task.arn.replace(':task/', ':container/') + `/${container.definition.name}`,
    taskArn: task.arn,
    name: container.definition.name,
    image: container.definition.image,
    lastStatus: container.lastStatus,
    healthStatus: container.health,
    networkInterfaces: [{ privateIpv4Address: task.address }],
    ...(container.imageDigest === undefined ? {} : { imageDigest: container.imageDigest, runtimeId: task.id }),
    ...(container.exitCode === undefined ? {} : { exitCode: container.exitCode }),
    ...(container.reason === undefined ? {} : { reason: container.reason }),
  };
}
