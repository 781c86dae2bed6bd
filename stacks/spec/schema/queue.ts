import * as z from 'zod';
import { external } from './external.js';
import { flag, oneOf } from './text.js';

const broker = z
  .strictObject({
    engine: oneOf(['redis', 'rabbitmq', 'managed']).prefault('redis').meta({
      description:
        '`redis`: the `cache`, or a Redis of its own when there is no cache. `rabbitmq`: a RabbitMQ broker. `managed`: the cloud’s own queue (SQS, Pub/Sub, Service Bus).',
    }),
    highAvailability: flag().prefault(false).meta({ description: 'A broker that survives the loss of a zone.' }),
  })
  .transform((queue) => ({ kind: 'managed' as const, ...queue }));

/** The task queue: one that agentctl creates, or `{ external: … }`. */
export const queueSchema = z.union([external('a message broker'), broker]);

/** The task queue: one that agentctl creates, or one that runs elsewhere. */
export type QueueSpec = z.output<typeof queueSchema>;
