import type * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import type * as sns from 'aws-cdk-lib/aws-sns';
import type * as sqs from 'aws-cdk-lib/aws-sqs';
import type { Duration } from 'aws-cdk-lib/core';
import { Construct } from 'constructs';
import type { Transform } from '../transform.js';

/** An SQS queue and what becomes of messages that cannot be handled. */
export interface SqsAlarmSource {
  readonly kind: 'sqs';
  readonly queue: sqs.IQueue;
  readonly deadLetterQueue?: sqs.IQueue;
}

/** A RabbitMQ broker of Amazon MQ. */
export interface BrokerAlarmSource {
  readonly kind: 'broker';
  readonly brokerName: string;
}

/** Props of {@link QueueAlarms}. */
export interface QueueAlarmsProps {
  readonly topic: sns.ITopic;
  readonly source: SqsAlarmSource | BrokerAlarmSource;
  /** Age of the oldest message of an SQS queue. @default 15 min */
  readonly oldestMessage?: Duration;
  /** Messages that wait in a broker. @default 10000 */
  readonly waitingMessages?: number;
  /** Changes to the CloudFormation resources. @default - none */
  readonly transform?: Transform;
}

/** Alarms of the task queue. */
export class QueueAlarms extends Construct {
  readonly alarms!: readonly cloudwatch.Alarm[];

  constructor(scope: Construct, id: string, _props: QueueAlarmsProps) {
    super(scope, id);
  }
}
