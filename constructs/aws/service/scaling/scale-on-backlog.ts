import type * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import type { ScalingRule } from './scaling-rule.js';

/** Options of {@link scaleOnBacklog}. */
export interface ScaleOnBacklogOptions {
  /** Waiting messages that each task is kept at. */
  readonly messagesPerTask: number;
  /** Messages that wait: `sqsBacklog`, `brokerBacklog` or `publishedBacklog`. */
  readonly backlog: cloudwatch.Metric;
}

/** Adds tasks when too many messages wait for each; starts one for the first message when `minTasks` is 0. */
export function scaleOnBacklog(options: ScaleOnBacklogOptions): ScalingRule {
  return { name: 'Backlog', bind: (subject) => void [subject, options] };
}
