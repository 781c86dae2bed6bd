import type * as ecs from 'aws-cdk-lib/aws-ecs';
import type * as logs from 'aws-cdk-lib/aws-logs';
import type { Duration } from 'aws-cdk-lib/core';
import { Construct } from 'constructs';
import type { ContainerProps } from '../service/container-props.js';
import type { Transform } from '../transform.js';

/** Props of {@link OneOffTask}. */
export interface OneOffTaskProps extends ContainerProps {
  /** Family of the task definition. @default - CloudFormation makes one */
  readonly family?: string;
  /** Time the process gets after it was told to stop, at most 120 s. @default 120 s */
  readonly stopTimeout?: Duration;
  /** Changes to the CloudFormation resources. @default - none */
  readonly transform?: Transform;
}

/** A task definition that is run when somebody asks: a migration, a command, a restore. */
export class OneOffTask extends Construct {
  readonly taskDefinition!: ecs.FargateTaskDefinition;
  readonly container!: ecs.ContainerDefinition;
  readonly logGroup!: logs.ILogGroup;

  constructor(scope: Construct, id: string, _props: OneOffTaskProps) {
    super(scope, id);
  }
}
