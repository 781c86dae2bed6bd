import * as ec2 from 'aws-cdk-lib/aws-ec2';
import type * as ecs from 'aws-cdk-lib/aws-ecs';
import type * as logs from 'aws-cdk-lib/aws-logs';
import * as scheduler from 'aws-cdk-lib/aws-scheduler';
import * as targets from 'aws-cdk-lib/aws-scheduler-targets';
import type * as sqs from 'aws-cdk-lib/aws-sqs';
import { Duration, TimeZone } from 'aws-cdk-lib/core';
import { Construct } from 'constructs';
import { constructError } from '../construct-error.js';
import type { ContainerProps } from '../service/container-props.js';
import { containerTask } from '../service/container-task.js';
import { stopTimeout } from '../service/stop-timeout.js';
import { taskNetwork } from '../service/task-network.js';
import { applyTransform, type Transform } from '../transform.js';
import { cronExpression } from './cron-expression.js';

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
  /** Takes the runs that could not be started; one queue can serve many schedules. @default - none: the next run comes anyway */
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
  readonly schedule: scheduler.Schedule;
  readonly taskDefinition: ecs.FargateTaskDefinition;
  readonly container: ecs.ContainerDefinition;
  readonly logGroup: logs.ILogGroup;
  readonly connections: ec2.Connections;

  constructor(scope: Construct, id: string, props: ScheduledTaskProps) {
    super(scope, id);
    const { cluster, family, timeout = Duration.hours(1), retries = 3 } = props;
    // RetryPolicy of the EventBridge Scheduler API.
    if (!Number.isInteger(retries) || retries < 0 || retries > 185)
      throw constructError(this, `retries is ${retries}, not a whole number from 0 to 185`);
    if (timeout.toSeconds() < 1) throw constructError(this, 'timeout is less than a second');
    const expression = cronExpression(this, props.cron);
    ({
      taskDefinition: this.taskDefinition,
      container: this.container,
      logGroup: this.logGroup,
    } = containerTask(this, props, {
      name: 'schedule',
      stopTimeout: stopTimeout(props.stopTimeout ?? Duration.seconds(120)),
      deadline: timeout,
      ...(family === undefined ? {} : { family }),
    }));
    const { securityGroups, vpcSubnets } = taskNetwork(this, props);
    this.connections = new ec2.Connections({ securityGroups });
    this.schedule = new scheduler.Schedule(this, 'Schedule', {
      description: `Runs ${this.node.path}`,
      schedule: scheduler.ScheduleExpression.expression(expression, TimeZone.ETC_UTC),
      target: new targets.EcsRunFargateTask(cluster, {
        taskDefinition: this.taskDefinition,
        vpcSubnets,
        securityGroups,
        assignPublicIp: false,
        retryAttempts: retries,
        // A run that could not be started in this time is left to the next one.
        maxEventAge: Duration.hours(1),
        ...(props.deadLetterQueue === undefined ? {} : { deadLetterQueue: props.deadLetterQueue }),
      }),
    });
    applyTransform(this, props.transform);
  }
}
