import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import * as elbv2 from 'aws-cdk-lib/aws-elasticloadbalancingv2';
import { Duration } from 'aws-cdk-lib/core';
import type { Construct } from 'constructs';

const period = Duration.minutes(1);
/** Fewer answers than this say nothing, even when all of them are errors. */
const fewestErrors = 5;
const errorPercent = 5;

/**
 * Alarms that bring the old tasks back while a new revision rolls out: errors of the application, and tasks that fail their
 * checks. Their names are fixed, so that they can be asked for before a deployment: one that is in alarm at its start is not
 * watched by ECS.
 */
export function deploymentAlarms(
  scope: Construct,
  serviceName: string,
  targetGroups: readonly elbv2.ApplicationTargetGroup[],
): readonly cloudwatch.Alarm[] {
  if (targetGroups.length === 0) return [];
  const errors = new cloudwatch.Alarm(scope, 'RolloutErrors', {
    alarmName: `${serviceName}-rollout-errors`,
    alarmDescription: `More than ${errorPercent} % of the answers of ${serviceName} are errors (5xx)`,
    metric: errorRate(targetGroups),
    threshold: errorPercent,
    comparisonOperator: cloudwatch.ComparisonOperator.GREATER_THAN_THRESHOLD,
    evaluationPeriods: 3,
    datapointsToAlarm: 2,
    treatMissingData: cloudwatch.TreatMissingData.NOT_BREACHING,
  });
  const unhealthy = new cloudwatch.Alarm(scope, 'RolloutUnhealthy', {
    alarmName: `${serviceName}-rollout-unhealthy`,
    alarmDescription: `A task of ${serviceName} fails the checks of the load balancer`,
    metric: sumOf(
      'unhealthy',
      targetGroups.map((group) => group.metrics.unhealthyHostCount({ period, statistic: cloudwatch.Stats.MAXIMUM })),
    ),
    threshold: 1,
    evaluationPeriods: 5,
    datapointsToAlarm: 5,
    treatMissingData: cloudwatch.TreatMissingData.NOT_BREACHING,
  });
  return [errors, unhealthy];
}

/** Percent of answers that are a 5xx, over all target groups; 0 while there are few. */
export function errorRate(targetGroups: readonly elbv2.ApplicationTargetGroup[]): cloudwatch.MathExpression {
  const errors = targetGroups.map((group) =>
    group.metrics.httpCodeTarget(elbv2.HttpCodeTarget.TARGET_5XX_COUNT, { period }),
  );
  const requests = targetGroups.map((group) => group.metrics.requestCount({ period }));
  const all = names('errors', errors);
  const totals = names('requests', requests);
  const count = filled(Object.keys(all));
  const total = filled(Object.keys(totals));
  return new cloudwatch.MathExpression({
    expression: `IF((${count}) >= ${fewestErrors}, 100 * (${count}) / (${total}), 0)`,
    usingMetrics: { ...all, ...totals },
    period,
    label: 'Errors (%)',
  });
}

/** The sum of a metric of several target groups, one without data counting as 0. */
export function sumOf(name: string, metrics: readonly cloudwatch.IMetric[]): cloudwatch.IMetric {
  const [only, ...others] = metrics;
  if (only !== undefined && others.length === 0) return only;
  const usingMetrics = names(name, metrics);
  return new cloudwatch.MathExpression({ expression: filled(Object.keys(usingMetrics)), usingMetrics, period });
}

function names(name: string, metrics: readonly cloudwatch.IMetric[]): Record<string, cloudwatch.IMetric> {
  return Object.fromEntries(metrics.map((metric, index) => [`${name}${index}`, metric]));
}

/** A target group without traffic has no data; that is a zero here. */
function filled(ids: readonly string[]): string {
  return ids.map((id) => `FILL(${id}, 0)`).join(' + ');
}
