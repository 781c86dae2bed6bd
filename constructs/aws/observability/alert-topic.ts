import * as iam from 'aws-cdk-lib/aws-iam';
import * as kms from 'aws-cdk-lib/aws-kms';
import * as sns from 'aws-cdk-lib/aws-sns';
import { EmailSubscription } from 'aws-cdk-lib/aws-sns-subscriptions';
import { Stack } from 'aws-cdk-lib/core';
import { Construct } from 'constructs';
import { constructError } from '../construct-error.js';
import { applyTransform, type Transform } from '../transform.js';

/** Props of {@link AlertTopic}. */
export interface AlertTopicProps {
  /** Name of the topic. @default - CloudFormation makes one */
  readonly topicName?: string;
  /** Encrypts what is sent; its policy has to let CloudWatch in, as the one of `EncryptionKey` does. @default - a key of its own */
  readonly encryptionKey?: kms.IKey;
  /** Who is told; has to confirm by mail. @default - nobody */
  readonly email?: string;
  /** Changes to the CloudFormation resources. @default - none */
  readonly transform?: Transform;
}

/** Where alarms go. */
export class AlertTopic extends Construct {
  readonly topic: sns.Topic;
  readonly encryptionKey: kms.IKey;

  constructor(scope: Construct, id: string, props: AlertTopicProps = {}) {
    super(scope, id);
    const { topicName, email, encryptionKey = newKey(this) } = props;
    if (email?.includes('@') === false) throw constructError(this, `email is "${email}", not an address`);
    this.encryptionKey = encryptionKey;
    this.topic = new sns.Topic(this, 'Topic', {
      ...(topicName === undefined ? {} : { topicName }),
      masterKey: encryptionKey,
      enforceSSL: true,
    });
    // A policy of its own takes the place of the one that let the account's alarms in.
    this.topic.addToResourcePolicy(
      new iam.PolicyStatement({
        sid: 'Alarms',
        principals: [new iam.ServicePrincipal('cloudwatch.amazonaws.com')],
        actions: ['sns:Publish'],
        resources: [this.topic.topicArn],
        conditions: { StringEquals: { 'aws:SourceAccount': Stack.of(this).account } },
      }),
    );
    if (email !== undefined) this.topic.addSubscription(new EmailSubscription(email));
    applyTransform(this, props.transform);
  }
}

function newKey(scope: Construct): kms.Key {
  const key = new kms.Key(scope, 'Key', { description: 'Alerts', enableKeyRotation: true });
  key.addToResourcePolicy(
    new iam.PolicyStatement({
      sid: 'Alarms',
      principals: [new iam.ServicePrincipal('cloudwatch.amazonaws.com')],
      actions: ['kms:Decrypt', 'kms:GenerateDataKey*'],
      resources: ['*'],
      conditions: { StringEquals: { 'aws:SourceAccount': Stack.of(scope).account } },
    }),
  );
  return key;
}
