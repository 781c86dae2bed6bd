import { PubsubSubscriptionIamMember } from '@cdktf/provider-google/lib/pubsub-subscription-iam-member/index.js';
import { PubsubTopicIamMember } from '@cdktf/provider-google/lib/pubsub-topic-iam-member/index.js';
import type { WorkloadIdentity } from '../../../constructs/gcp/index.js';
import { queueName } from '../foundation/queue.js';
import type { WorkloadParts } from './workload-container.js';

/** What a container may do in Google Cloud by itself: put tasks into the queue and take them, and publish metrics and traces. */
export function grantApplication(identity: WorkloadIdentity, { context }: Pick<WorkloadParts, 'context'>): void {
  const { queue, observability } = context.spec;
  if (observability.metrics.namespace !== undefined) identity.grantOnProject('roles/monitoring.metricWriter');
  if (observability.tracing.otlp !== undefined) identity.grantOnProject('roles/cloudtrace.agent');
  if (queue?.kind !== 'managed' || queue.engine !== 'managed') return;
  const name = queueName(context);
  const { member } = identity;
  identity.addGrant(
    new PubsubTopicIamMember(identity, 'Publish', { topic: name, role: 'roles/pubsub.publisher', member }),
  );
  identity.addGrant(
    new PubsubSubscriptionIamMember(identity, 'Take', { subscription: name, role: 'roles/pubsub.subscriber', member }),
  );
}
