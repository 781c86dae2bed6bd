import * as z from 'zod';
import { external } from './external.js';
import { quantity } from './quantity.js';
import { flag, oneOf } from './text.js';

const redis = z
  .strictObject({
    engine: oneOf(['redis']).prefault('redis').meta({ description: 'A server that speaks the Redis protocol.' }),
    memory: quantity('256Mi', '512Gi').prefault('1Gi').meta({ description: 'Memory for data.' }),
    highAvailability: flag()
      .prefault(false)
      .meta({ description: 'A replica in another zone with automatic failover.' }),
  })
  .transform((cache) => ({ kind: 'managed' as const, ...cache }));

/** The cache: one that agentctl creates, or `{ external: … }`. */
export const cacheSchema = z.union([external('a Redis server'), redis]);

/** The cache: one that agentctl creates, or one that runs elsewhere. */
export type CacheSpec = z.output<typeof cacheSchema>;
