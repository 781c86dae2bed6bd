import type * as appscaling from 'aws-cdk-lib/aws-applicationautoscaling';
import type * as ec2 from 'aws-cdk-lib/aws-ec2';
import type * as ecs from 'aws-cdk-lib/aws-ecs';
import type * as logs from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import type { Transform } from '../transform.js';
import type { RollingRollout } from './rollout/rollout.js';
import type { ServiceProps } from './service-props.js';

/** Props of {@link FargateWorker}. */
export interface FargateWorkerProps extends ServiceProps {
  /** Run on spare capacity that AWS takes back with two minutes' notice. @default false */
  readonly spot?: boolean;
  /** How a new revision replaces the old one. @default rolling */
  readonly rollout?: RollingRollout;
  /** Changes to the CloudFormation resources. @default - none */
  readonly transform?: Transform;
}

/** Containers that take work from a queue and answer nobody. */
export class FargateWorker extends Construct implements ec2.IConnectable {
  readonly service!: ecs.FargateService;
  readonly taskDefinition!: ecs.FargateTaskDefinition;
  readonly container!: ecs.ContainerDefinition;
  readonly logGroup!: logs.ILogGroup;
  /** None when `minTasks` is `maxTasks`. */
  readonly scalableTarget: appscaling.ScalableTarget | undefined;
  readonly connections!: ec2.Connections;

  constructor(scope: Construct, id: string, _props: FargateWorkerProps) {
    super(scope, id);
  }
}
