import type * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import type { ScalingRule } from './scaling-rule.js';

/** Options of {@link scaleOnConnections}. */
export interface ScaleOnConnectionsOptions {
  /** Open connections, such as streams, that each task is kept at. */
  readonly connectionsPerTask: number;
  /** Open connections of all tasks. @default - half of the load balancer's, which counts both of its sides */
  readonly connections?: cloudwatch.Metric;
}

/** Adds tasks when each holds too many connections: what counts for streams, that cost little CPU and few requests. */
export function scaleOnConnections(options: ScaleOnConnectionsOptions): ScalingRule {
  return { name: 'Connections', bind: (subject) => void [subject, options] };
}
