import type * as ec2 from 'aws-cdk-lib/aws-ec2';
import type * as ecs from 'aws-cdk-lib/aws-ecs';
import type * as logs from 'aws-cdk-lib/aws-logs';
import type * as scheduler from 'aws-cdk-lib/aws-scheduler';
import type * as sqs from 'aws-cdk-lib/aws-sqs';
import type { Duration } from 'aws-cdk-lib/core';
import { Construct } from 'constructs';
import type { ContainerProps } from '../service/container-props.js';
import type { Transform } from '../transform.js';

/** Props of {@link ScheduledTask}. */
export interface ScheduledTaskProps extends ContainerProps {
  readonly cluster: ecs.ICluster;
  /** Five fields, in UTC: minute hour day-of-month month day-of-week. */
  readonly cron: string;
  /** Time after which a run is stopped. @default 1 h */
  readonly timeout?: Duration;
  /** Time the process gets after it was told to stop, at most 120 s. @default 120 s */
  readonly stopTimeout?: Duration;
  /** Attempts to start the task, after the first, within an hour. @default 3 */
  readonly retries?: number;
  /** Takes the runs that could not be started. @default - a queue of its own */
  readonly deadLetterQueue?: sqs.IQueue;
  /** Network access of the task. @default - a group of its own that may reach everything */
  readonly securityGroup?: ec2.ISecurityGroup;
  /** Where the task runs. @default - the private subnets that can reach the internet */
  readonly vpcSubnets?: ec2.SubnetSelection;
  /** Family of the task definition. @default - CloudFormation makes one */
  readonly family?: string;
  /** Changes to the CloudFormation resources. @default - none */
  readonly transform?: Transform;
}

/** A task that runs at set times. */
export class ScheduledTask extends Construct implements ec2.IConnectable {
  readonly schedule!: scheduler.Schedule;
  readonly taskDefinition!: ecs.FargateTaskDefinition;
  readonly container!: ecs.ContainerDefinition;
  readonly logGroup!: logs.ILogGroup;
  readonly deadLetterQueue!: sqs.IQueue;
  readonly connections!: ec2.Connections;

  constructor(scope: Construct, id: string, _props: ScheduledTaskProps) {
    super(scope, id);
  }
}
