import type * as ecs from 'aws-cdk-lib/aws-ecs';
import type * as logs from 'aws-cdk-lib/aws-logs';
import { Duration } from 'aws-cdk-lib/core';
import { Construct } from 'constructs';
import type { ContainerProps } from '../service/container-props.js';
import { containerTask } from '../service/container-task.js';
import { stopTimeout } from '../service/stop-timeout.js';
import { applyTransform, type Transform } from '../transform.js';

/** Props of {@link OneOffTask}. */
export interface OneOffTaskProps extends ContainerProps {
  /** Family of the task definition. @default - CloudFormation makes one */
  readonly family?: string;
  /** Time the process gets after it was told to stop, at most 120 s. @default 120 s */
  readonly stopTimeout?: Duration;
  /** Time after which ECS stops the task, whoever watches it; the image needs `sleep`. @default - whoever runs it stops it */
  readonly timeout?: Duration;
  /** Changes to the CloudFormation resources. @default - none */
  readonly transform?: Transform;
}

/** A task definition that is run when somebody asks: a migration, a command, a restore. */
export class OneOffTask extends Construct {
  readonly taskDefinition: ecs.FargateTaskDefinition;
  readonly container: ecs.ContainerDefinition;
  readonly logGroup: logs.ILogGroup;

  constructor(scope: Construct, id: string, props: OneOffTaskProps) {
    super(scope, id);
    const { family, stopTimeout: drain = Duration.seconds(120), timeout } = props;
    ({
      taskDefinition: this.taskDefinition,
      container: this.container,
      logGroup: this.logGroup,
    } = containerTask(this, props, {
      name: 'task',
      stopTimeout: stopTimeout(drain),
      ...(family === undefined ? {} : { family }),
      ...(timeout === undefined ? {} : { deadline: timeout }),
    }));
    applyTransform(this, props.transform);
  }
}
