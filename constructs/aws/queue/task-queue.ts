import { Duration, RemovalPolicy } from 'aws-cdk-lib/core';
import * as iam from 'aws-cdk-lib/aws-iam';
import type * as kms from 'aws-cdk-lib/aws-kms';
import * as sqs from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { constructError } from '../construct-error.js';
import { fixLogicalId } from '../fixed-logical-id.js';
import { applyTransform, type Transform } from '../transform.js';

/** Props of {@link TaskQueue}. */
export interface TaskQueueProps {
  readonly encryptionKey: kms.IKey;
  /**
   * How long a worker has for a message before another one gets it, up to 12 hours.
   *
   * @default 5 minutes
   */
  readonly visibilityTimeout?: Duration;
  /**
   * How often a message is tried before it is put aside.
   *
   * @default 5
   */
  readonly maxReceiveCount?: number;
  /**
   * How long a message waits, 1 minute to 14 days; 14 days for those put aside.
   *
   * @default 4 days
   */
  readonly retention?: Duration;
  /** @default the id of the construct; that of the dead-letter queue ends in `DeadLetters` */
  readonly logicalId?: string;
  /** @default none */
  readonly transform?: Transform;
}

/** A queue on SQS, and one for messages that no worker could do: TLS only, encrypted, kept when the stack goes. */
export class TaskQueue extends Construct {
  readonly queue: sqs.Queue;
  readonly deadLetterQueue: sqs.Queue;
  readonly queueUrl: string;
  private readonly encryptionKey: kms.IKey;

  constructor(scope: Construct, id: string, props: TaskQueueProps) {
    super(scope, id);
    const { maxReceiveCount = 5, visibilityTimeout = Duration.minutes(5), retention = Duration.days(4) } = props;
    if (!Number.isInteger(maxReceiveCount) || maxReceiveCount < 1 || maxReceiveCount > 1000)
      throw constructError(this, `maxReceiveCount ${maxReceiveCount} is not a whole number from 1 to 1000`);
    if (visibilityTimeout.toSeconds() > Duration.hours(12).toSeconds())
      throw constructError(this, `visibilityTimeout of ${visibilityTimeout.toHumanString()} is more than 12 hours`);
    if (retention.toSeconds() < 60 || retention.toSeconds() > Duration.days(14).toSeconds())
      throw constructError(this, `retention of ${retention.toHumanString()} is not 1 minute to 14 days`);

    this.encryptionKey = props.encryptionKey;
    const shared = {
      encryption: sqs.QueueEncryption.KMS,
      encryptionMasterKey: props.encryptionKey,
      enforceSSL: true,
      removalPolicy: RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE,
    };
    this.deadLetterQueue = new sqs.Queue(this, 'DeadLetters', { ...shared, retentionPeriod: Duration.days(14) });
    this.queue = new sqs.Queue(this, 'Queue', {
      ...shared,
      visibilityTimeout,
      retentionPeriod: retention,
      receiveMessageWaitTime: Duration.seconds(20),
      deadLetterQueue: { queue: this.deadLetterQueue, maxReceiveCount },
    });
    this.queueUrl = this.queue.queueUrl;
    this.fixLogicalIds(props.logicalId ?? id.replaceAll(/[^A-Za-z0-9]/g, ''));
    applyTransform(this, props.transform);
  }

  /**
   * Lets a task send and receive. CDK’s own grants of an encrypted queue come with wildcards of the key (AwsSolutions-IAM5).
   */
  grantUse(grantee: iam.IGrantable): void {
    const actions = [
      'ChangeMessageVisibility',
      'DeleteMessage',
      'GetQueueAttributes',
      'GetQueueUrl',
      'ReceiveMessage',
      'SendMessage',
    ];
    iam.Grant.addToPrincipal({
      grantee,
      actions: actions.map((action) => `sqs:${action}`),
      resourceArns: [this.queue.queueArn],
    });
    this.encryptionKey.grant(grantee, 'kms:Decrypt', 'kms:GenerateDataKey');
  }

  private fixLogicalIds(logicalId: string): void {
    const { queue, deadLetterQueue } = this;
    if (queue.node.defaultChild instanceof sqs.CfnQueue) fixLogicalId(this, queue.node.defaultChild, logicalId);
    if (deadLetterQueue.node.defaultChild instanceof sqs.CfnQueue)
      fixLogicalId(this, deadLetterQueue.node.defaultChild, `${logicalId}DeadLetters`);
  }
}
