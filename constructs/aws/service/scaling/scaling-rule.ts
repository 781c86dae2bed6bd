import type * as appscaling from 'aws-cdk-lib/aws-applicationautoscaling';
import type * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import type * as elbv2 from 'aws-cdk-lib/aws-elasticloadbalancingv2';
import type { Construct } from 'constructs';

/** What a scaling rule is put on. */
export interface ScalingSubject {
  /** Constructs of the rule are made here. */
  readonly scope: Construct;
  readonly scalableTarget: appscaling.ScalableTarget;
  readonly minTasks: number;
  /** Tasks that run, as Container Insights counts them. */
  readonly runningTasks: cloudwatch.IMetric;
  /** Target groups that traffic goes to: none for a worker, two when a rollout shifts traffic. */
  readonly targetGroups: readonly elbv2.ApplicationTargetGroup[];
  readonly loadBalancer: elbv2.IApplicationLoadBalancer | undefined;
}

/** One reason to add or remove tasks; what it is called is the id of its constructs. */
export interface ScalingRule {
  readonly name: string;
  bind(subject: ScalingSubject): void;
}
