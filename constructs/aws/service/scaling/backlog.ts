import type * as sqs from 'aws-cdk-lib/aws-sqs';
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import { Duration } from 'aws-cdk-lib/core';

const period = Duration.minutes(1);

/** Messages that wait in an SQS queue. */
export function sqsBacklog(queue: sqs.IQueue): cloudwatch.Metric {
  return queue.metricApproximateNumberOfMessagesVisible({ period, statistic: cloudwatch.Stats.MAXIMUM });
}

/** A queue of a RabbitMQ broker. */
export interface BrokerQueue {
  readonly brokerName: string;
  readonly queueName: string;
  /** @default '/' */
  readonly virtualHost?: string;
}

/** Messages that wait in a queue of Amazon MQ for RabbitMQ. */
export function brokerBacklog({ brokerName, queueName, virtualHost = '/' }: BrokerQueue): cloudwatch.Metric {
  return new cloudwatch.Metric({
    namespace: 'AWS/AmazonMQ',
    metricName: 'MessageReadyCount',
    dimensionsMap: { Broker: brokerName, VirtualHost: virtualHost, Queue: queueName },
    period,
    statistic: cloudwatch.Stats.MAXIMUM,
  });
}

/** A metric that the application publishes. */
export interface PublishedMetric {
  readonly namespace: string;
  readonly metricName: string;
  /** @default - none */
  readonly dimensions?: Readonly<Record<string, string>>;
}

/** Messages that wait, as the application itself says: for queues that AWS cannot look into, such as Redis. */
export function publishedBacklog({ namespace, metricName, dimensions }: PublishedMetric): cloudwatch.Metric {
  return new cloudwatch.Metric({
    namespace,
    metricName,
    ...(dimensions === undefined ? {} : { dimensionsMap: { ...dimensions } }),
    period,
    statistic: cloudwatch.Stats.MAXIMUM,
  });
}
