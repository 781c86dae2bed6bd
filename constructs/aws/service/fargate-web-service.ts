import type * as appscaling from 'aws-cdk-lib/aws-applicationautoscaling';
import type * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import type * as ec2 from 'aws-cdk-lib/aws-ec2';
import type * as ecs from 'aws-cdk-lib/aws-ecs';
import type * as elbv2 from 'aws-cdk-lib/aws-elasticloadbalancingv2';
import type * as logs from 'aws-cdk-lib/aws-logs';
import type { Duration } from 'aws-cdk-lib/core';
import { Construct } from 'constructs';
import type { PublicLoadBalancer } from '../load-balancer/public-load-balancer.js';
import type { Transform } from '../transform.js';
import type { Rollout } from './rollout/rollout.js';
import type { DiscoveryProps, ServiceProps } from './service-props.js';

/** A path prefix that a service answers. */
export interface PathRoute {
  /** `/` for everything, or a prefix such as `/api`. */
  readonly path: string;
  /** Order among the rules of the listener, from 1; see `routePriorities`. */
  readonly priority: number;
}

/** How requests from outside reach a service. */
export interface IngressProps {
  readonly loadBalancer: PublicLoadBalancer;
  readonly routes: readonly PathRoute[];
}

/** How the load balancer finds out whether a task can serve. */
export interface ReadinessProps {
  /** Answers 200 when the task can serve. */
  readonly path: string;
  /** Time between two checks. @default 10 s */
  readonly interval?: Duration;
  /** Time one check may take. @default 5 s */
  readonly timeout?: Duration;
  /** Failed checks in a row that take a task out. @default 3 */
  readonly failures?: number;
}

/** Props of {@link FargateWebService}. */
export interface FargateWebServiceProps extends ServiceProps {
  /** Port the container listens on. */
  readonly port: number;
  /** Public routes. @default - not public */
  readonly ingress?: IngressProps;
  /** Name inside the network. @default - none */
  readonly discovery?: DiscoveryProps;
  /** Check of the load balancer; needed with `ingress`. @default - none */
  readonly readiness?: ReadinessProps;
  /** Time a new task has to become ready before its checks count. @default 120 s */
  readonly startupTimeout?: Duration;
  /** How a new revision replaces the old one. @default rolling */
  readonly rollout?: Rollout;
  /** Changes to the CloudFormation resources. @default - none */
  readonly transform?: Transform;
}

/** Containers that answer HTTP: public behind paths of a load balancer, or under a name inside the network. */
export class FargateWebService extends Construct implements ec2.IConnectable {
  readonly service!: ecs.FargateService;
  readonly taskDefinition!: ecs.FargateTaskDefinition;
  readonly container!: ecs.ContainerDefinition;
  readonly logGroup!: logs.ILogGroup;
  /** Two when a rollout shifts traffic, none when the service is not public. */
  readonly targetGroups!: readonly elbv2.ApplicationTargetGroup[];
  /** None when `minTasks` is `maxTasks`. */
  readonly scalableTarget: appscaling.ScalableTarget | undefined;
  /** Alarms that bring the old tasks back while a new revision rolls out. */
  readonly deploymentAlarms!: readonly cloudwatch.Alarm[];
  /** URL inside the network; none without `discovery`. */
  readonly internalUrl: string | undefined;
  readonly connections!: ec2.Connections;

  constructor(scope: Construct, id: string, _props: FargateWebServiceProps) {
    super(scope, id);
  }
}
