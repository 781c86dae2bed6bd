import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import { Duration } from 'aws-cdk-lib/core';
import { constructError } from '../../construct-error.js';
import type { ScalingRule } from './scaling-rule.js';
import { trackExpression } from './track-expression.js';

/** Options of {@link scaleOnConnections}. */
export interface ScaleOnConnectionsOptions {
  /** Open connections, such as streams, that each task is kept at. */
  readonly connectionsPerTask: number;
  /**
   * Open connections of all tasks, as the application counts them. Better when several services share the load balancer,
   * which does not tell them apart.
   *
   * @default - half of the load balancer's, which counts both of its sides
   */
  readonly connections?: cloudwatch.Metric;
}

/** Adds tasks when each holds too many connections: what counts for streams, that cost little CPU and few requests. */
export function scaleOnConnections({ connectionsPerTask, connections }: ScaleOnConnectionsOptions): ScalingRule {
  return {
    name: 'Connections',
    bind: (subject) => {
      const { loadBalancer, runningTasks: tasks } = subject;
      if (connections !== undefined) {
        const expression = 'IF(tasks > 0, FILL(open, 0) / tasks, 0)';
        trackExpression(subject, 'Connections', {
          expression,
          metrics: { open: connections, tasks },
          targetValue: connectionsPerTask,
        });
        return;
      }
      if (loadBalancer === undefined)
        throw constructError(subject.scope, 'scales on connections, but has neither a load balancer nor a metric');
      // "From clients to the load balancer and from the load balancer to targets": a stream is counted twice.
      const open = loadBalancer.metrics.activeConnectionCount({
        period: Duration.minutes(1),
        statistic: cloudwatch.Stats.SUM,
      });
      trackExpression(subject, 'Connections', {
        expression: 'IF(tasks > 0, FILL(open, 0) / 2 / tasks, 0)',
        metrics: { open, tasks },
        targetValue: connectionsPerTask,
      });
    },
  };
}
