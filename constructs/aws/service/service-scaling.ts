import * as appscaling from 'aws-cdk-lib/aws-applicationautoscaling';
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import type * as ecs from 'aws-cdk-lib/aws-ecs';
import type * as elbv2 from 'aws-cdk-lib/aws-elasticloadbalancingv2';
import * as iam from 'aws-cdk-lib/aws-iam';
import { Duration, Stack } from 'aws-cdk-lib/core';
import type { Construct } from 'constructs';
import { constructError } from '../construct-error.js';
import { scaleOnCpu } from './scaling/scale-on-cpu.js';
import type { ServiceProps } from './service-props.js';

/** Tasks of a service: how few, how many. */
export interface TaskRange {
  readonly minTasks: number;
  readonly maxTasks: number;
}

/** How many tasks run; throws when the numbers make no sense. */
export function taskRange(scope: Construct, props: ServiceProps): TaskRange {
  const { minTasks = 2 } = props;
  const { maxTasks = Math.max(1, minTasks) } = props;
  if (!Number.isInteger(minTasks) || minTasks < 0)
    throw constructError(scope, `minTasks is ${minTasks}, not a whole number from 0`);
  if (!Number.isInteger(maxTasks) || maxTasks < Math.max(1, minTasks))
    throw constructError(scope, `maxTasks is ${maxTasks}, less than ${Math.max(1, minTasks)}`);
  return { minTasks, maxTasks };
}

/**
 * The desired count in a template, when nothing scales the service. When something does, the template has none: with one, each
 * deployment would put the service back to it, in the middle of the load that it was scaled for. A new service starts with
 * one task then, and is raised to `minTasks` by its scalable target.
 */
export function desiredCount({ minTasks, maxTasks }: TaskRange): Pick<ecs.FargateServiceProps, 'desiredCount'> {
  return minTasks === maxTasks ? { desiredCount: minTasks } : {};
}

/** What {@link scaleService} needs to know. */
export interface ServiceScalingOptions {
  readonly service: ecs.FargateService;
  readonly range: TaskRange;
  readonly scaling: ServiceProps['scaling'];
  readonly targetGroups: readonly elbv2.ApplicationTargetGroup[];
  readonly loadBalancer: elbv2.IApplicationLoadBalancer | undefined;
}

/** Lets the rules add and remove tasks; nothing when there is no room to. */
export function scaleService(scope: Construct, options: ServiceScalingOptions): appscaling.ScalableTarget | undefined {
  const { service, range, scaling = [scaleOnCpu()], targetGroups, loadBalancer } = options;
  if (range.minTasks === range.maxTasks) return undefined;
  const scalableTarget = new appscaling.ScalableTarget(scope, 'Scaling', {
    serviceNamespace: appscaling.ServiceNamespace.ECS,
    resourceId: `service/${service.cluster.clusterName}/${service.serviceName}`,
    scalableDimension: 'ecs:service:DesiredCount',
    minCapacity: range.minTasks,
    maxCapacity: range.maxTasks,
    role: serviceLinkedRole(scope),
  });
  const subject = {
    scope: scalableTarget,
    scalableTarget,
    minTasks: range.minTasks,
    runningTasks: runningTasks(service),
    targetGroups,
    loadBalancer,
  };
  for (const rule of scaling) rule.bind(subject);
  return scalableTarget;
}

/** Tasks that run. Of Container Insights, which the cluster has to have on. */
export function runningTasks(service: ecs.FargateService): cloudwatch.Metric {
  return new cloudwatch.Metric({
    namespace: 'ECS/ContainerInsights',
    metricName: 'RunningTaskCount',
    dimensionsMap: { ClusterName: service.cluster.clusterName, ServiceName: service.serviceName },
    statistic: cloudwatch.Stats.AVERAGE,
    period: Duration.minutes(1),
  });
}

/** AWS makes it with the first scalable target of an account; a role of its own is not accepted for ECS. */
function serviceLinkedRole(scope: Construct): iam.IRole {
  const arn = Stack.of(scope).formatArn({
    service: 'iam',
    region: '',
    resource: 'role/aws-service-role/ecs.application-autoscaling.amazonaws.com',
    resourceName: 'AWSServiceRoleForApplicationAutoScaling_ECSService',
  });
  return iam.Role.fromRoleArn(scope, 'ScalingRole', arn, { mutable: false });
}
