import { TaskQueue } from '../../../constructs/gcp/index.js';
import { workloadName } from '../naming.js';
import type { FoundationParts } from './foundation-parts.js';

/** The queue on Pub/Sub; undefined for every other kind of queue. */
export function foundationTaskQueue({ stack, context, projectNumber }: FoundationParts): TaskQueue | undefined {
  const { queue } = context.spec;
  if (queue?.kind !== 'managed' || queue.engine !== 'managed') return undefined;
  return new TaskQueue(stack, 'Queue', {
    project: context.gcp.project,
    projectNumber,
    queueName: queueName(context),
    deletionProtection: context.protect,
  });
}

/** Of topic and subscription. */
export function queueName({ scope }: FoundationParts['context']): string {
  return workloadName(scope, 'queue');
}
