import * as appscaling from 'aws-cdk-lib/aws-applicationautoscaling';
import type * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import { constructError } from '../../construct-error.js';
import type { ScalingSubject } from './scaling-rule.js';
import { scaleInCooldown, scaleOutCooldown } from './cooldowns.js';

/** Options of {@link trackExpression}. */
export interface TrackExpressionOptions {
  /** CloudWatch metric math over the ids of `metrics`. */
  readonly expression: string;
  readonly metrics: Readonly<Record<string, cloudwatch.IMetric>>;
  readonly targetValue: number;
}

/** Target tracking on metric math, which the L2 of Application Auto Scaling refuses. */
export function trackExpression(subject: ScalingSubject, id: string, options: TrackExpressionOptions): void {
  const { expression, metrics, targetValue } = options;
  new appscaling.CfnScalingPolicy(subject.scope, id, {
    policyName: id,
    policyType: 'TargetTrackingScaling',
    scalingTargetId: subject.scalableTarget.scalableTargetId,
    targetTrackingScalingPolicyConfiguration: {
      targetValue,
      scaleInCooldown: scaleInCooldown.toSeconds(),
      scaleOutCooldown: scaleOutCooldown.toSeconds(),
      customizedMetricSpecification: {
        metrics: [
          ...Object.entries(metrics).map(([name, metric]) => query(subject, name, metric)),
          { id: 'value', expression, returnData: true },
        ],
      },
    },
  });
}

function query(
  { scope }: ScalingSubject,
  id: string,
  metric: cloudwatch.IMetric,
): appscaling.CfnScalingPolicy.TargetTrackingMetricDataQueryProperty {
  const stat = metric.toMetricConfig().metricStat;
  if (stat === undefined) throw constructError(scope, `the metric ${id} of a scaling rule is an expression itself`);
  return {
    id,
    returnData: false,
    metricStat: {
      stat: stat.statistic,
      metric: {
        namespace: stat.namespace,
        metricName: stat.metricName,
        dimensions: (stat.dimensions ?? []).map(({ name, value }) => ({ name, value: String(value) })),
      },
    },
  };
}
