import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import * as actions from 'aws-cdk-lib/aws-cloudwatch-actions';
import type * as sns from 'aws-cdk-lib/aws-sns';
import { Duration } from 'aws-cdk-lib/core';
import type { Construct } from 'constructs';
import type { Transform } from '../transform.js';

/** What every set of alarms takes. */
export interface AlarmSetProps {
  /** Is told when one of them goes off, and when it is over. */
  readonly topic: sns.ITopic;
  /** Changes to the CloudFormation resources. @default - none */
  readonly transform?: Transform;
}

/** One alarm: when `metric` is on the wrong side of `threshold` for `minutes`. */
export interface AlarmRule {
  readonly id: string;
  /** What it means for the reader, and what is to be done. */
  readonly description: string;
  readonly metric: cloudwatch.IMetric;
  readonly threshold: number;
  /** @default GREATER_THAN_THRESHOLD */
  readonly comparison?: cloudwatch.ComparisonOperator;
  /** Periods of the metric that are looked at. @default 3 */
  readonly periods?: number;
  /** Of these, so many have to be on the wrong side. @default - all */
  readonly datapoints?: number;
  /** Whether silence is alarming as well. @default false */
  readonly missingIsBad?: boolean;
}

/** Puts alarms on metrics; all of them tell the topic, when they go off and when it is over. */
export function alarmSet(
  scope: Construct,
  topic: sns.ITopic,
  rules: readonly AlarmRule[],
): readonly cloudwatch.Alarm[] {
  const action = new actions.SnsAction(topic);
  return rules.map((rule) => {
    const { periods = 3, datapoints = periods, missingIsBad = false } = rule;
    const alarm = new cloudwatch.Alarm(scope, rule.id, {
      alarmDescription: rule.description,
      metric: rule.metric,
      threshold: rule.threshold,
      comparisonOperator: rule.comparison ?? cloudwatch.ComparisonOperator.GREATER_THAN_THRESHOLD,
      evaluationPeriods: periods,
      datapointsToAlarm: datapoints,
      treatMissingData: missingIsBad
        ? cloudwatch.TreatMissingData.BREACHING
        : cloudwatch.TreatMissingData.NOT_BREACHING,
    });
    alarm.addAlarmAction(action);
    alarm.addOkAction(action);
    return alarm;
  });
}

/** Metrics of one resource of an AWS service: `metricsOf('AWS/RDS', { DBInstanceIdentifier })('CPUUtilization')`. */
export function metricsOf(
  namespace: string,
  dimensionsMap: Readonly<Record<string, string>>,
): (metricName: string, statistic?: string, period?: Duration) => cloudwatch.Metric {
  return (metricName, statistic = cloudwatch.Stats.AVERAGE, period = Duration.minutes(1)) =>
    new cloudwatch.Metric({ namespace, metricName, dimensionsMap: { ...dimensionsMap }, statistic, period });
}
