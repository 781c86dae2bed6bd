import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import type * as ecs from 'aws-cdk-lib/aws-ecs';
import * as elbv2 from 'aws-cdk-lib/aws-elasticloadbalancingv2';
import { Duration, Stack } from 'aws-cdk-lib/core';
import { Construct } from 'constructs';
import { errorRate } from '../service/rollout/deployment-alarms.js';
import { runningTasks } from '../service/service-scaling.js';
import { applyTransform, type Transform } from '../transform.js';
import { metricsOf } from './alarm-set.js';
import type { MetricNamespace } from './metric-namespace.js';

/** One service on the dashboard. */
export interface DashboardService {
  readonly name: string;
  readonly service: ecs.FargateService;
  /** Target groups of a public service. @default - none */
  readonly targetGroups?: readonly elbv2.ApplicationTargetGroup[];
}

/** Props of {@link AgentDashboard}. */
export interface AgentDashboardProps {
  /** Name of the dashboard. @default - CloudFormation makes one */
  readonly dashboardName?: string;
  readonly services: readonly DashboardService[];
  /** Identifier of the RDS instance. @default - not shown */
  readonly databaseInstanceId?: string;
  /** Name of the OpenSearch domain. @default - not shown */
  readonly searchDomainName?: string;
  /** Identifier of the Valkey replication group. @default - not shown */
  readonly cacheReplicationGroupId?: string;
  /** Name of the SQS queue. @default - not shown */
  readonly queueName?: string;
  /** Name of the RabbitMQ broker. @default - not shown */
  readonly brokerName?: string;
  /** Metrics of the application itself. @default - none */
  readonly metrics?: MetricNamespace;
  /** Alarms shown at the top. @default - none */
  readonly alarms?: readonly cloudwatch.IAlarm[];
  /** Changes to the CloudFormation resources. @default - none */
  readonly transform?: Transform;
}

/** One page with everything about an agent. */
export class AgentDashboard extends Construct {
  readonly dashboard: cloudwatch.Dashboard;

  constructor(scope: Construct, id: string, props: AgentDashboardProps) {
    super(scope, id);
    const { dashboardName, services, alarms = [] } = props;
    this.dashboard = new cloudwatch.Dashboard(this, 'Dashboard', {
      ...(dashboardName === undefined ? {} : { dashboardName }),
      defaultInterval: Duration.hours(3),
    });
    if (alarms.length > 0)
      this.dashboard.addWidgets(
        new cloudwatch.AlarmStatusWidget({ title: 'Alarms', alarms: [...alarms], width: fullWidth, height: 3 }),
      );
    for (const service of services) this.dashboard.addWidgets(...serviceRow(service));
    const data = dataWidgets(props, Stack.of(this).account);
    if (data.length > 0) this.dashboard.addWidgets(...data);
    const own = props.metrics?.metrics ?? [];
    if (own.length > 0) this.dashboard.addWidgets(...own.map((metric) => graph(metric.metricName, [metric])));
    applyTransform(this, props.transform);
  }
}

const fullWidth = 24;
const period = Duration.minutes(1);

function graph(title: string, left: readonly cloudwatch.IMetric[]): cloudwatch.GraphWidget {
  return new cloudwatch.GraphWidget({ title, left: [...left], width: 6, height: 6, leftYAxis: { min: 0 } });
}

function serviceRow({ name, service, targetGroups = [] }: DashboardService): readonly cloudwatch.IWidget[] {
  const load = [
    graph(`${name}: CPU and memory (%)`, [
      service.metricCpuUtilization({ period }),
      service.metricMemoryUtilization({ period }),
    ]),
    graph(`${name}: tasks`, [runningTasks(service)]),
  ];
  if (targetGroups.length === 0) return load;
  const requests = targetGroups.flatMap(({ metrics }) => [
    metrics.requestCount({ period }),
    metrics.httpCodeTarget(elbv2.HttpCodeTarget.TARGET_4XX_COUNT, { period }),
    metrics.httpCodeTarget(elbv2.HttpCodeTarget.TARGET_5XX_COUNT, { period }),
  ]);
  const waits = targetGroups.flatMap(({ metrics }) =>
    [50, 95, 99].map((percent) =>
      metrics.targetResponseTime({ period, statistic: cloudwatch.Stats.percentile(percent), label: `p${percent}` }),
    ),
  );
  return [
    ...load,
    graph(`${name}: requests`, [...requests, errorRate(targetGroups)]),
    graph(`${name}: first byte (s)`, waits),
  ];
}

function dataWidgets(props: AgentDashboardProps, account: string): readonly cloudwatch.IWidget[] {
  const { databaseInstanceId, searchDomainName, cacheReplicationGroupId, queueName, brokerName } = props;
  const widgets: cloudwatch.IWidget[] = [];
  if (databaseInstanceId !== undefined) {
    const metric = metricsOf('AWS/RDS', { DBInstanceIdentifier: databaseInstanceId });
    widgets.push(graph('Postgres: CPU (%)', [metric('CPUUtilization')]));
    widgets.push(graph('Postgres: connections', [metric('DatabaseConnections', cloudwatch.Stats.MAXIMUM)]));
    widgets.push(graph('Postgres: free storage (bytes)', [metric('FreeStorageSpace', cloudwatch.Stats.MINIMUM)]));
  }
  if (searchDomainName !== undefined) {
    const metric = metricsOf('AWS/ES', { DomainName: searchDomainName, ClientId: account });
    widgets.push(graph('OpenSearch: CPU and heap (%)', [metric('CPUUtilization'), metric('JVMMemoryPressure')]));
    widgets.push(graph('OpenSearch: free storage (MiB)', [metric('FreeStorageSpace', cloudwatch.Stats.MINIMUM)]));
  }
  if (cacheReplicationGroupId !== undefined) {
    const metric = metricsOf('AWS/ElastiCache', { CacheClusterId: `${cacheReplicationGroupId}-001` });
    widgets.push(
      graph('Valkey: CPU and memory (%)', [metric('EngineCPUUtilization'), metric('DatabaseMemoryUsagePercentage')]),
    );
  }
  if (queueName !== undefined) {
    const metric = metricsOf('AWS/SQS', { QueueName: queueName });
    widgets.push(graph('Queue: waiting', [metric('ApproximateNumberOfMessagesVisible', cloudwatch.Stats.MAXIMUM)]));
  }
  if (brokerName !== undefined) {
    const metric = metricsOf('AWS/AmazonMQ', { Broker: brokerName });
    widgets.push(graph('RabbitMQ: waiting', [metric('MessageReadyCount', cloudwatch.Stats.MAXIMUM)]));
  }
  return widgets;
}
