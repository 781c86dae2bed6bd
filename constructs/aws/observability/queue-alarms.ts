import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import type * as sqs from 'aws-cdk-lib/aws-sqs';
import { Duration } from 'aws-cdk-lib/core';
import { Construct } from 'constructs';
import { applyTransform } from '../transform.js';
import { type AlarmRule, alarmSet, type AlarmSetProps, metricsOf } from './alarm-set.js';

/** An SQS queue and what becomes of messages that cannot be handled. */
export interface SqsAlarmSource {
  readonly kind: 'sqs';
  readonly queue: sqs.IQueue;
  /** @default - none */
  readonly deadLetterQueue?: sqs.IQueue;
}

/** A RabbitMQ broker of Amazon MQ. */
export interface BrokerAlarmSource {
  readonly kind: 'broker';
  readonly brokerName: string;
}

/** Props of {@link QueueAlarms}. */
export interface QueueAlarmsProps extends AlarmSetProps {
  readonly source: SqsAlarmSource | BrokerAlarmSource;
  /** Age of the oldest message of an SQS queue. @default 15 min */
  readonly oldestMessage?: Duration;
  /** Messages that wait in a broker. @default 10000 */
  readonly waitingMessages?: number;
}

/** Alarms of the task queue. */
export class QueueAlarms extends Construct {
  readonly alarms: readonly cloudwatch.Alarm[];

  constructor(scope: Construct, id: string, props: QueueAlarmsProps) {
    super(scope, id);
    const { source, oldestMessage = Duration.minutes(15), waitingMessages = 10_000 } = props;
    const rules = source.kind === 'sqs' ? sqsRules(source, oldestMessage) : brokerRules(source, waitingMessages);
    this.alarms = alarmSet(this, props.topic, rules);
    applyTransform(this, props.transform);
  }
}

function sqsRules({ queue, deadLetterQueue }: SqsAlarmSource, oldestMessage: Duration): readonly AlarmRule[] {
  const period = Duration.minutes(1);
  const age: AlarmRule = {
    id: 'Age',
    description: 'A message has waited too long: there are too few workers, or they do not work',
    metric: queue.metricApproximateAgeOfOldestMessage({ period, statistic: cloudwatch.Stats.MAXIMUM }),
    threshold: oldestMessage.toSeconds(),
    periods: 5,
  };
  if (deadLetterQueue === undefined) return [age];
  const dead: AlarmRule = {
    id: 'DeadLetters',
    description: 'A message could not be handled and was put aside',
    metric: deadLetterQueue.metricApproximateNumberOfMessagesVisible({ period, statistic: cloudwatch.Stats.MAXIMUM }),
    threshold: 0,
    periods: 1,
  };
  return [age, dead];
}

/** Memory and disk at which RabbitMQ blocks publishers are limits that Amazon MQ measures as well. */
function brokerRules({ brokerName }: BrokerAlarmSource, waitingMessages: number): readonly AlarmRule[] {
  const metric = metricsOf('AWS/AmazonMQ', { Broker: brokerName });
  const limits = { used: metric('RabbitMQMemUsed', cloudwatch.Stats.MAXIMUM), limit: metric('RabbitMQMemLimit') };
  const disk = { free: metric('RabbitMQDiskFree', cloudwatch.Stats.MINIMUM), limit: metric('RabbitMQDiskFreeLimit') };
  return [
    {
      id: 'Waiting',
      description: 'Messages pile up: there are too few workers, or they do not work',
      metric: metric('MessageReadyCount', cloudwatch.Stats.MAXIMUM),
      threshold: waitingMessages,
      periods: 5,
    },
    {
      id: 'Memory',
      description: 'The broker has used 90 % of the memory at which it blocks whoever publishes',
      metric: new cloudwatch.MathExpression({
        expression: '100 * used / limit',
        usingMetrics: limits,
        period: Duration.minutes(1),
      }),
      threshold: 90,
    },
    {
      id: 'Disk',
      description: 'The broker has less than twice the disk at which it blocks whoever publishes',
      metric: new cloudwatch.MathExpression({
        expression: 'free / limit',
        usingMetrics: disk,
        period: Duration.minutes(1),
      }),
      threshold: 2,
      comparison: cloudwatch.ComparisonOperator.LESS_THAN_THRESHOLD,
    },
    {
      id: 'Cpu',
      description: 'The broker has had no CPU left for 15 minutes',
      metric: metric('SystemCpuUtilization', cloudwatch.Stats.MAXIMUM),
      threshold: 90,
      periods: 15,
    },
  ];
}
