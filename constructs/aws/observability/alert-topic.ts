import type * as kms from 'aws-cdk-lib/aws-kms';
import type * as sns from 'aws-cdk-lib/aws-sns';
import { Construct } from 'constructs';
import type { Transform } from '../transform.js';

/** Props of {@link AlertTopic}. */
export interface AlertTopicProps {
  /** Name of the topic. @default - CloudFormation makes one */
  readonly topicName?: string;
  /** Encrypts what is sent; its policy lets CloudWatch alarms in. @default - a key of its own */
  readonly encryptionKey?: kms.Key;
  /** Who is told; has to confirm by mail. @default - nobody */
  readonly email?: string;
  /** Changes to the CloudFormation resources. @default - none */
  readonly transform?: Transform;
}

/** Where alarms go. */
export class AlertTopic extends Construct {
  readonly topic!: sns.Topic;
  readonly encryptionKey!: kms.IKey;

  constructor(scope: Construct, id: string, _props: AlertTopicProps = {}) {
    super(scope, id);
  }
}
