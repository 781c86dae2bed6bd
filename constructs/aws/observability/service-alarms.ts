import type * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import type * as ecs from 'aws-cdk-lib/aws-ecs';
import type * as elbv2 from 'aws-cdk-lib/aws-elasticloadbalancingv2';
import type * as sns from 'aws-cdk-lib/aws-sns';
import type { Duration } from 'aws-cdk-lib/core';
import { Construct } from 'constructs';
import type { Transform } from '../transform.js';

/** Props of {@link ServiceAlarms}. */
export interface ServiceAlarmsProps {
  readonly topic: sns.ITopic;
  readonly service: ecs.FargateService;
  /** Tasks that have to run. */
  readonly minTasks: number;
  /** Target groups of a public service. @default - none */
  readonly targetGroups?: readonly elbv2.ApplicationTargetGroup[];
  /** Percent of CPU in use for 15 minutes. @default 90 */
  readonly cpuPercent?: number;
  /** Percent of memory in use for 5 minutes. @default 90 */
  readonly memoryPercent?: number;
  /** Percent of answers that are a 5xx, for 3 of 5 minutes. @default 5 */
  readonly errorPercent?: number;
  /** Time to the first byte that 95 % of requests stay below. @default - no alarm: what is slow depends on the agent */
  readonly latency?: Duration;
  /** Changes to the CloudFormation resources. @default - none */
  readonly transform?: Transform;
}

/** Alarms of one service: too few tasks, no room left, errors, no healthy task. */
export class ServiceAlarms extends Construct {
  readonly alarms!: readonly cloudwatch.Alarm[];

  constructor(scope: Construct, id: string, _props: ServiceAlarmsProps) {
    super(scope, id);
  }
}
