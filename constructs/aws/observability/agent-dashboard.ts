import type * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import type * as ecs from 'aws-cdk-lib/aws-ecs';
import type * as elbv2 from 'aws-cdk-lib/aws-elasticloadbalancingv2';
import { Construct } from 'constructs';
import type { Transform } from '../transform.js';
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
  readonly dashboard!: cloudwatch.Dashboard;

  constructor(scope: Construct, id: string, _props: AgentDashboardProps) {
    super(scope, id);
  }
}
