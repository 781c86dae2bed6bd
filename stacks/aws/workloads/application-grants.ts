import type * as iam from 'aws-cdk-lib/aws-iam';
import type { Stack } from 'aws-cdk-lib/core';
import { MetricNamespace } from '../../../constructs/aws/index.js';
import type { FoundationStack } from '../foundation-stack.js';
import type { StageContext } from '../stage-context.js';

/** What a container may do in AWS by itself: put tasks into the queue and take them, and publish its metrics. */
export function grantApplication(
  role: iam.IRole,
  stack: Stack,
  context: StageContext,
  { data }: FoundationStack,
): void {
  data.taskQueue?.queue.grantSendMessages(role);
  data.taskQueue?.queue.grantConsumeMessages(role);
  applicationMetrics(stack, context)?.grantPublish(role);
}

/** The metrics the application publishes; undefined when it has none. */
export function applicationMetrics(stack: Stack, { spec }: StageContext): MetricNamespace | undefined {
  const { namespace, custom } = spec.observability.metrics;
  if (namespace === undefined) return undefined;
  const found = stack.node.tryFindChild('Metrics');
  return found instanceof MetricNamespace
    ? found
    : new MetricNamespace(stack, 'Metrics', { namespace, metricNames: custom });
}
