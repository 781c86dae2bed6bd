import { PubsubSubscription } from '@cdktf/provider-google/lib/pubsub-subscription/index.js';
import { PubsubSubscriptionIamMember } from '@cdktf/provider-google/lib/pubsub-subscription-iam-member/index.js';
import { PubsubTopic } from '@cdktf/provider-google/lib/pubsub-topic/index.js';
import { PubsubTopicIamMember } from '@cdktf/provider-google/lib/pubsub-topic-iam-member/index.js';
import type { ITerraformDependable } from 'cdktf';
import { Construct } from 'constructs';
import { assertProps } from '../../checks/assert-props.js';
import { isWholeNumber } from '../../checks/whole-number.js';
import { fixLogicalId } from '../fixed-logical-id.js';
import { applyTransform, type Transform } from '../transform.js';

/** Props of {@link TaskQueue}. */
export interface TaskQueueProps {
  readonly project: string;
  /** Number of the project: Pub/Sub itself puts aside what failed. */
  readonly projectNumber: string;
  /** 3 to 255 letters, digits, hyphens … beginning with a letter. Topic and subscription are both called so. */
  readonly queueName: string;
  /** Attempts before a message is put aside, 5 to 100. @default 10 */
  readonly maxAttempts?: number;
  /** Seconds that a task may take before it is handed out again, 10 to 600. @default 600 */
  readonly ackDeadlineSeconds?: number;
  /** Terraform refuses to destroy it. @default true */
  readonly deletionProtection?: boolean;
  /** What has to be there first. @default none */
  readonly dependsOn?: readonly ITerraformDependable[];
  /** @default the id of the construct */
  readonly logicalId?: string;
  /** @default none */
  readonly transform?: Transform;
}

/** Tasks on Pub/Sub: a topic, the one subscription that workers pull from, and one for what failed again and again. */
export class TaskQueue extends Construct {
  readonly topic: PubsubTopic;
  readonly subscription: PubsubSubscription;
  readonly deadLetterTopic: PubsubTopic;
  /** `projects/…/topics/…`. */
  readonly topicPath: string;

  constructor(scope: Construct, id: string, props: TaskQueueProps) {
    super(scope, id);
    const { queueName, maxAttempts = 10, ackDeadlineSeconds = 600, deletionProtection = true } = props;
    assertProps(this, [
      !/^(?!goog)[A-Za-z][A-Za-z0-9._~+%-]{2,241}$/.test(queueName) &&
        `queueName "${queueName}" is not 3 to 242 letters, digits and signs, beginning with a letter`,
      !isWholeNumber(maxAttempts, 5, 100) && `maxAttempts is ${maxAttempts}, not a whole number from 5 to 100`,
      !isWholeNumber(ackDeadlineSeconds, 10, 600) && `ackDeadlineSeconds is ${ackDeadlineSeconds}, not 10 to 600`,
    ]);
    const dependsOn = props.dependsOn === undefined ? {} : { dependsOn: [...props.dependsOn] };
    const lifecycle = { preventDestroy: deletionProtection };
    this.topic = new PubsubTopic(this, 'Topic', { name: queueName, ...dependsOn, lifecycle });
    const logicalId = props.logicalId ?? this.node.id.replaceAll(/[^A-Za-z0-9]/g, '');
    // Before anything refers to it.
    fixLogicalId(this, this.topic, logicalId);
    this.deadLetterTopic = new PubsubTopic(this, 'DeadLetters', { name: `${queueName}-dead-letters`, ...dependsOn });
    const kept = { messageRetentionDuration: '604800s', expirationPolicy: { ttl: '' } };
    this.subscription = new PubsubSubscription(this, 'Subscription', {
      name: queueName,
      topic: this.topic.id,
      ackDeadlineSeconds,
      ...kept,
      deadLetterPolicy: { deadLetterTopic: this.deadLetterTopic.id, maxDeliveryAttempts: maxAttempts },
      retryPolicy: { minimumBackoff: '10s', maximumBackoff: '600s' },
      lifecycle,
    });
    // Without one, what is put aside would be gone at once.
    const name = `${queueName}-dead-letters`;
    new PubsubSubscription(this, 'DeadLettersKept', { name, topic: this.deadLetterTopic.id, ...kept });
    fixLogicalId(this, this.subscription, logicalId);
    this.topicPath = `projects/${props.project}/topics/${queueName}`;

    const member = `serviceAccount:service-${props.projectNumber}@gcp-sa-pubsub.iam.gserviceaccount.com`;
    this.publisher('PutAside', this.deadLetterTopic, member);
    this.subscriber('TakeAside', member);
    applyTransform(this, props.transform);
  }

  private publisher(id: string, { name: topic }: PubsubTopic, member: string): void {
    new PubsubTopicIamMember(this, id, { topic, role: 'roles/pubsub.publisher', member });
  }

  private subscriber(id: string, member: string): void {
    const role = 'roles/pubsub.subscriber';
    new PubsubSubscriptionIamMember(this, id, { subscription: this.subscription.name, role, member });
  }
}
