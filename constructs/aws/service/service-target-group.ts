import type * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as elbv2 from 'aws-cdk-lib/aws-elasticloadbalancingv2';
import { Duration } from 'aws-cdk-lib/core';
import type { Construct } from 'constructs';

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

/** Options of {@link serviceTargetGroup}. */
export interface ServiceTargetGroupOptions {
  readonly vpc: ec2.IVpc;
  readonly port: number;
  readonly readiness: ReadinessProps;
  readonly drain: Duration;
}

/** The tasks of a service as the load balancer sees them. A new request goes to the task with the fewest open ones. */
export function serviceTargetGroup(
  scope: Construct,
  id: string,
  { vpc, port, readiness, drain }: ServiceTargetGroupOptions,
): elbv2.ApplicationTargetGroup {
  const { path, interval = Duration.seconds(10), timeout = Duration.seconds(5), failures = 3 } = readiness;
  return new elbv2.ApplicationTargetGroup(scope, id, {
    vpc,
    port,
    protocol: elbv2.ApplicationProtocol.HTTP,
    targetType: elbv2.TargetType.IP,
    healthCheck: {
      path,
      interval,
      timeout,
      healthyThresholdCount: 2,
      unhealthyThresholdCount: Math.max(2, failures),
      healthyHttpCodes: '200',
    },
    // ECS takes a task out of the target group first and waits this long for what is open; only then comes SIGTERM.
    deregistrationDelay: drain,
    loadBalancingAlgorithmType: elbv2.TargetGroupLoadBalancingAlgorithmType.LEAST_OUTSTANDING_REQUESTS,
  });
}
