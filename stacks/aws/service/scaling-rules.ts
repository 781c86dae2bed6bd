import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import { Duration } from 'aws-cdk-lib/core';
import {
  publishedBacklog,
  scaleOnBacklog,
  scaleOnConnections,
  scaleOnCpu,
  scaleOnMemory,
  scaleOnRequests,
  type ScalingRule,
  sqsBacklog,
} from '../../../constructs/aws/index.js';
import type { ScaleSpec } from '../../spec/index.js';
import type { FoundationStack } from '../foundation-stack.js';
import type { StageContext } from '../stage-context.js';

/** The metric that an application on Redis publishes: how many messages wait. */
export const queueDepthMetric = 'QueueDepth';

/** What adds tasks to a service and takes them away, as its `scale` says. */
export function scalingRules(
  scale: ScaleSpec,
  context: StageContext,
  foundation: FoundationStack,
): readonly ScalingRule[] {
  const { cpu, memory, requests, connections, queueDepth } = scale;
  return [
    ...(cpu === undefined ? [] : [scaleOnCpu({ targetPercent: cpu })]),
    ...(memory === undefined ? [] : [scaleOnMemory({ targetPercent: memory })]),
    ...(requests === undefined ? [] : [scaleOnRequests({ requestsPerMinute: requests })]),
    ...(connections === undefined ? [] : [scaleOnConnections({ connectionsPerTask: connections })]),
    ...(queueDepth === undefined
      ? []
      : [scaleOnBacklog({ messagesPerTask: queueDepth, backlog: backlog(context, foundation) })]),
  ];
}

/** Messages that wait: counted by SQS or the broker, and on Redis by the application itself. */
function backlog({ spec }: StageContext, { data }: FoundationStack): cloudwatch.Metric {
  if (data.taskQueue !== undefined) return sqsBacklog(data.taskQueue.queue);
  if (data.broker !== undefined) return brokerMessages(data.broker.broker.brokerName);
  const { namespace } = spec.observability.metrics;
  if (namespace === undefined) throw new Error('nothing counts the messages of the queue');
  return publishedBacklog({ namespace, metricName: queueDepthMetric });
}

/** Of all queues of a broker together. Amazon MQ developer guide, "Monitoring Amazon MQ for RabbitMQ". */
function brokerMessages(brokerName: string): cloudwatch.Metric {
  return new cloudwatch.Metric({
    namespace: 'AWS/AmazonMQ',
    metricName: 'MessageReadyCount',
    dimensionsMap: { Broker: brokerName },
    period: Duration.minutes(1),
    statistic: cloudwatch.Stats.MAXIMUM,
  });
}
