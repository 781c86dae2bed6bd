import * as appscaling from 'aws-cdk-lib/aws-applicationautoscaling';
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import { Duration } from 'aws-cdk-lib/core';
import { scaleOutCooldown } from './cooldowns.js';
import type { ScalingRule, ScalingSubject } from './scaling-rule.js';
import { trackExpression } from './track-expression.js';

/** Options of {@link scaleOnBacklog}. */
export interface ScaleOnBacklogOptions {
  /** Waiting messages that each task is kept at. */
  readonly messagesPerTask: number;
  /** Messages that wait: `sqsBacklog`, `brokerBacklog` or `publishedBacklog`. */
  readonly backlog: cloudwatch.Metric;
}

/** Adds tasks when too many messages wait for each; starts one for the first message when `minTasks` is 0. */
export function scaleOnBacklog({ messagesPerTask, backlog }: ScaleOnBacklogOptions): ScalingRule {
  return {
    name: 'Backlog',
    bind: (subject) => {
      trackExpression(subject, 'Backlog', {
        expression: 'IF(FILL(tasks, 0) > 0, FILL(waiting, 0) / tasks, FILL(waiting, 0))',
        metrics: { waiting: backlog, tasks: subject.runningTasks },
        targetValue: messagesPerTask,
      });
      if (subject.minTasks === 0) startForFirstMessage(subject, backlog);
    },
  };
}

/** Target tracking alone would leave a few messages waiting for ever: fewer than `messagesPerTask` are no reason for a task. */
function startForFirstMessage({ scalableTarget, runningTasks }: ScalingSubject, backlog: cloudwatch.Metric): void {
  scalableTarget.scaleOnMetric('FirstMessage', {
    metric: new cloudwatch.MathExpression({
      expression: 'IF(FILL(tasks, 0) > 0, 0, FILL(waiting, 0))',
      usingMetrics: { waiting: backlog, tasks: runningTasks },
      period: Duration.minutes(1),
    }),
    adjustmentType: appscaling.AdjustmentType.CHANGE_IN_CAPACITY,
    scalingSteps: [
      { upper: 0, change: 0 },
      { lower: 1, change: 1 },
    ],
    cooldown: scaleOutCooldown,
  });
}
