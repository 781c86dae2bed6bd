import type * as client from '@aws-sdk/client-ecs';
import { type DeploymentRecord, type EcsDeployment, failureThreshold } from './ecs-deployment.js';
import type { EcsService } from './ecs-service.js';
import { liveTasks } from './service-scheduler.js';

/** A service as `DescribeServices` shows it. */
export function serviceView(service: EcsService): client.Service {
  const { settings } = service;
  const live = service.tasks.filter(({ task }) => task.desiredStatus === 'RUNNING');
  const running = live.filter(({ task }) => task.lastStatus === 'RUNNING').length;
  return {
    serviceArn: service.arn,
    serviceName: service.name,
    clusterArn: service.cluster.arn,
    status: service.status,
    desiredCount: settings.desiredCount,
    runningCount: running,
    pendingCount: live.length - running,
    launchType: 'FARGATE',
    platformVersion: '1.4.0',
    platformFamily: 'Linux',
    schedulingStrategy: 'REPLICA',
    deploymentController: { type: 'ECS' },
    taskDefinition: settings.taskDefinition.taskDefinitionArn,
    deploymentConfiguration: settings.deploymentConfiguration,
    loadBalancers: [...settings.loadBalancers],
    serviceRegistries: [...settings.serviceRegistries],
    healthCheckGracePeriodSeconds: settings.healthCheckGracePeriodSeconds,
    enableExecuteCommand: settings.enableExecuteCommand,
    ...(settings.networkConfiguration === undefined ? {} : { networkConfiguration: settings.networkConfiguration }),
    ...(settings.propagateTags === undefined ? {} : { propagateTags: settings.propagateTags }),
    createdAt: service.createdAt,
    deployments: service.deployments.map((deployment) => deploymentView(service, deployment)),
    events: [...service.events],
    tags: [...service.tags],
    ...(service.records[0] === undefined ? {} : { currentServiceDeployment: service.records[0].arn }),
    currentServiceRevisions: service.deployments.map((deployment) => revisionSummary(service, deployment)),
  };
}

function deploymentView(service: EcsService, deployment: EcsDeployment): client.Deployment {
  const { requestedTaskCount, runningTaskCount, pendingTaskCount } = revisionSummary(service, deployment);
  return {
    id: deployment.id,
    status: deployment.status,
    taskDefinition: deployment.taskDefinition.taskDefinitionArn,
    desiredCount: requestedTaskCount,
    runningCount: runningTaskCount,
    pendingCount: pendingTaskCount,
    failedTasks: deployment.failedTasks,
    createdAt: deployment.createdAt,
    updatedAt: deployment.updatedAt,
    launchType: 'FARGATE',
    platformVersion: '1.4.0',
    rolloutState: deployment.rolloutState,
    rolloutStateReason: deployment.rolloutStateReason,
    ...(service.settings.networkConfiguration === undefined
      ? {}
      : { networkConfiguration: service.settings.networkConfiguration }),
  };
}

/** A deployment as `DescribeServiceDeployments` shows it. */
export function deploymentRecordView(service: EcsService, record: DeploymentRecord): client.ServiceDeployment {
  const { deployment, source } = record;
  const { deploymentConfiguration } = service.settings;
  const isOver = record.finishedAt !== undefined;
  const wasTriggered = record.rollback !== undefined || record.status === 'ROLLBACK_FAILED';
  return {
    serviceDeploymentArn: record.arn,
    serviceArn: service.arn,
    clusterArn: service.cluster.arn,
    createdAt: record.createdAt,
    startedAt: record.createdAt,
    updatedAt: record.finishedAt ?? deployment.updatedAt,
    ...(isOver ? { finishedAt: record.finishedAt } : {}),
    status: record.status,
    ...(record.statusReason === undefined ? {} : { statusReason: record.statusReason }),
    targetServiceRevision: revisionSummary(service, deployment),
    sourceServiceRevisions: source === undefined ? [] : [revisionSummary(service, source)],
    deploymentConfiguration,
    deploymentCircuitBreaker: {
      status:
        deploymentConfiguration.deploymentCircuitBreaker?.enable !== true
          ? 'DISABLED'
          : wasTriggered && record.triggeredAlarms.length === 0
            ? 'TRIGGERED'
            : isOver
              ? 'MONITORING_COMPLETE'
              : 'MONITORING',
      failureCount: deployment.failedTasks,
      threshold: failureThreshold(service),
    },
    alarms: {
      status:
        deployment.watchedAlarms.length === 0
          ? 'DISABLED'
          : record.triggeredAlarms.length > 0
            ? 'TRIGGERED'
            : isOver
              ? 'MONITORING_COMPLETE'
              : 'MONITORING',
      alarmNames: [...deployment.watchedAlarms],
      triggeredAlarmNames: [...record.triggeredAlarms],
    },
    ...(record.rollback === undefined ? {} : { rollback: record.rollback }),
    ...(record.lifecycleStage === undefined ? {} : { lifecycleStage: record.lifecycleStage }),
  };
}

function revisionSummary(service: EcsService, deployment: EcsDeployment): client.ServiceRevisionSummary {
  const live = liveTasks(service, deployment);
  const running = live.filter(({ task }) => task.lastStatus === 'RUNNING').length;
  return {
    arn: deployment.revisionArn,
    requestedTaskCount: deployment.status === 'PRIMARY' ? service.settings.desiredCount : live.length,
    runningTaskCount: running,
    pendingTaskCount: live.length - running,
  };
}
