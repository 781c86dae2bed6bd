import { QueueAlarms, RabbitMqBroker, TaskQueue } from '../../../constructs/aws/index.js';
import { generatedUser } from '../environment.js';
import { generatedSecretName } from '../naming.js';
import type { FoundationParts } from './foundation-parts.js';

/** The queue on SQS; undefined for every other kind of queue. */
export function foundationTaskQueue({ stack, context, key, topic }: FoundationParts): TaskQueue | undefined {
  const { queue } = context.spec;
  if (queue?.kind !== 'managed' || queue.engine !== 'managed') return undefined;
  const tasks = new TaskQueue(stack, 'Queue', { encryptionKey: key });
  new QueueAlarms(stack, 'QueueAlarms', {
    topic,
    source: { kind: 'sqs', queue: tasks.queue, deadLetterQueue: tasks.deadLetterQueue },
  });
  return tasks;
}

/** RabbitMQ; undefined for every other kind of queue. */
export function foundationBroker(parts: FoundationParts): RabbitMqBroker | undefined {
  const { stack, context, network, taskSecurityGroup, topic } = parts;
  const { spec, scope, aws } = context;
  const { queue } = spec;
  if (queue?.kind !== 'managed' || queue.engine !== 'rabbitmq') return undefined;
  const brokerName = `${scope.name}-${scope.stage}`;
  const broker = new RabbitMqBroker(stack, 'Queue', {
    vpc: network.vpc,
    vpcSubnets: network.dataSubnets,
    secretName: generatedSecretName(scope, 'queue'),
    username: generatedUser,
    cluster: queue.highAvailability,
    brokerName,
    ...(aws.queue.instanceType === undefined ? {} : { hostInstanceType: aws.queue.instanceType }),
  });
  broker.connections.allowDefaultPortFrom(taskSecurityGroup, 'Tasks');
  new QueueAlarms(stack, 'QueueAlarms', { topic, source: { kind: 'broker', brokerName } });
  return broker;
}
