import * as appscaling from 'aws-cdk-lib/aws-applicationautoscaling';
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import { Duration } from 'aws-cdk-lib/core';
import { constructError } from '../../construct-error.js';
import { scaleInCooldown, scaleOutCooldown } from './cooldowns.js';
import type { ScalingRule } from './scaling-rule.js';
import { trackExpression } from './track-expression.js';

/** Options of {@link scaleOnRequests}. */
export interface ScaleOnRequestsOptions {
  /** Requests per minute that each task is kept at. @default 600 */
  readonly requestsPerMinute?: number;
}

const period = Duration.minutes(1);

/**
 * Adds tasks when each gets too many requests. While traffic shifts between two target groups the metric that AWS has for this
 * sees only one of them (aws/containers-roadmap#1681), so there the requests of both are divided by the tasks that run.
 */
export function scaleOnRequests({ requestsPerMinute = 600 }: ScaleOnRequestsOptions = {}): ScalingRule {
  return {
    name: 'Requests',
    bind: (subject) => {
      const [first, second] = subject.targetGroups;
      if (first === undefined)
        throw constructError(subject.scope, 'scales on requests, but has no route of a load balancer');
      if (second === undefined) {
        subject.scalableTarget.scaleToTrackMetric('Requests', {
          predefinedMetric: appscaling.PredefinedMetric.ALB_REQUEST_COUNT_PER_TARGET,
          resourceLabel: `${first.firstLoadBalancerFullName}/${first.targetGroupFullName}`,
          targetValue: requestsPerMinute,
          scaleInCooldown,
          scaleOutCooldown,
        });
        return;
      }
      const requests = { period, statistic: cloudwatch.Stats.SUM };
      trackExpression(subject, 'Requests', {
        expression: 'IF(tasks > 0, (FILL(first, 0) + FILL(second, 0)) / tasks, 0)',
        metrics: {
          first: first.metrics.requestCount(requests),
          second: second.metrics.requestCount(requests),
          tasks: subject.runningTasks,
        },
        targetValue: requestsPerMinute,
      });
    },
  };
}
