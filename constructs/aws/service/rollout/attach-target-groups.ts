import * as ecs from 'aws-cdk-lib/aws-ecs';
import type * as elbv2 from 'aws-cdk-lib/aws-elasticloadbalancingv2';
import { Validations } from 'aws-cdk-lib/core';
import { mainContainer } from '../container-task.js';

/** What {@link attachTargetGroups} puts together. */
export interface TargetGroupAttachment {
  readonly service: ecs.FargateService;
  readonly port: number;
  /** One for a rolling service, two for one whose rollout shifts traffic. */
  readonly targetGroups: readonly elbv2.ApplicationTargetGroup[];
  /** Rules that forward to them. */
  readonly rules: readonly elbv2.ApplicationListenerRule[];
}

/** Puts the tasks of a service into its target group. With two of them, ECS moves the traffic of the only rule. */
export function attachTargetGroups({ service, port, targetGroups, rules }: TargetGroupAttachment): void {
  const [production, alternate] = targetGroups;
  const [rule] = rules;
  if (production === undefined || rule === undefined) return;
  // ECS refuses a target group that no load balancer forwards to.
  service.node.addDependency(...rules);
  if (alternate === undefined) {
    service.attachToApplicationTargetGroup(production);
    return;
  }
  const alternateTarget = new ecs.AlternateTarget('Shift', {
    alternateTargetGroup: alternate,
    productionListener: ecs.ListenerRuleConfiguration.applicationListenerRule(rule),
  });
  service
    .loadBalancerTarget({ containerName: mainContainer, containerPort: port, alternateTarget })
    .attachToApplicationTargetGroup(production);
  Validations.of(service).acknowledge(
    {
      id: 'AwsSolutions-IAM4[Policy::arn:<AWS::Partition>:iam::aws:policy/AmazonECSInfrastructureRolePolicyForLoadBalancers]',
      reason: 'The role with which ECS shifts traffic; AWS keeps its policy in step with what ECS calls.',
    },
    {
      id: '@aws-cdk/aws-ecs:shouldUseCircuitBreaker',
      reason: 'The circuit breaker is for rolling deployments; deployment alarms bring this one back.',
    },
  );
}
