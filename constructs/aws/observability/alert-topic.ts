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
  /** Encrypts what is sent; its policy has to let CloudWatch and EventBridge in, as the one of `EncryptionKey` does. @default - a key of its own */
  readonly encryptionKey?: kms.IKey;
  /** Who is told; has to confirm by mail. @default - nobody */
  readonly email?: string;
  /** Changes to the CloudFormation resources. @default - none */
  readonly transform?: Transform;
}

/** Where alarms and events of the account go. */
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
    this.topic.addToResourcePolicy(fromThisAccount(this, ['sns:Publish'], this.topic.topicArn));
    if (email !== undefined) this.topic.addSubscription(new EmailSubscription(email));
    applyTransform(this, props.transform);
  }
}

function newKey(scope: Construct): kms.Key {
  const key = new kms.Key(scope, 'Key', { description: 'Alerts', enableKeyRotation: true });
  key.addToResourcePolicy(fromThisAccount(scope, ['kms:Decrypt', 'kms:GenerateDataKey*'], '*'));
  return key;
}

/** Alarms and EventBridge rules, but not those of somebody else ("Using IAM policy conditions in Amazon EventBridge"). */
function fromThisAccount(scope: Construct, actions: string[], resource: string): iam.PolicyStatement {
  return new iam.PolicyStatement({
    sid: 'Notifications',
    principals: ['cloudwatch', 'events'].map((service) => new iam.ServicePrincipal(`${service}.amazonaws.com`)),
    actions,
    resources: [resource],
    conditions: { StringEquals: { 'aws:SourceAccount': Stack.of(scope).account } },
  });
}
