import { Stack } from 'aws-cdk-lib/core';
import type { Construct } from 'constructs';
import { AgentDashboard } from '../../constructs/aws/index.js';
import type { FoundationStack } from './foundation-stack.js';
import type { ReleaseStackProps } from './release-stack-props.js';
import { stageSchedules } from './service/schedules.js';
import { type MadeService, stageServices } from './service/services.js';
import type { StageContext } from './stage-context.js';
import { applicationMetrics } from './workloads/application-grants.js';
import { ContainerVariables } from './workloads/container-variables.js';

/** What changes with every release: services, schedules, their scaling, alarms and dashboard. */
export class ServiceStack extends Stack {
  constructor(scope: Construct, id: string, { context, foundation, ...props }: ReleaseStackProps) {
    super(scope, id, props);
    const variables = new ContainerVariables(this, 'Variables', context, 'service');
    const parts = { stack: this, context, foundation, variables };
    const services = stageServices(parts);
    stageSchedules(parts);
    stageDashboard(this, context, foundation, services);
  }
}

function stageDashboard(
  stack: Stack,
  context: StageContext,
  { data }: FoundationStack,
  services: readonly MadeService[],
): AgentDashboard {
  const metrics = applicationMetrics(stack, context);
  return new AgentDashboard(stack, 'Dashboard', {
    dashboardName: `${context.scope.name}-${context.scope.stage}`,
    services: services.map(({ name, service, targetGroups }) => ({ name, service, targetGroups })),
    ...(data.postgres === undefined ? {} : { databaseInstanceId: data.postgres.instanceIdentifier }),
    ...(data.search === undefined ? {} : { searchDomainName: data.search.domain.domainName }),
    ...(data.cache === undefined ? {} : { cacheReplicationGroupId: data.cache.replicationGroup.ref }),
    ...(data.taskQueue === undefined ? {} : { queueName: data.taskQueue.queue.queueName }),
    ...(data.broker === undefined ? {} : { brokerName: data.broker.broker.brokerName }),
    ...(metrics === undefined ? {} : { metrics }),
    alarms: services.flatMap(({ alarms }) => alarms),
  });
}
