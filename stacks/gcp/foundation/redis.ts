import { CacheAlerts, RedisCache } from '../../../constructs/gcp/index.js';
import { redisName } from '../naming.js';
import { cacheMemoryGiB } from '../sizes.js';
import type { FoundationParts } from './foundation-parts.js';

/** The Redis of the cache, which a queue on Redis shares; undefined when the agent has none, or one that runs elsewhere. */
export function foundationCache(parts: FoundationParts): RedisCache | undefined {
  const { cache, queue } = parts.context.spec;
  if (cache?.kind !== 'managed') return undefined;
  const holdsQueue = queue?.kind === 'managed' && queue.engine === 'redis';
  return redis(parts, {
    part: 'cache',
    id: 'Cache',
    // Whoever drops what was not used for long would drop tasks.
    use: holdsQueue ? 'queue' : 'cache',
    highAvailability: cache.highAvailability || (holdsQueue && queue.highAvailability),
  });
}

/** The Redis of a queue when there is no cache beside it. */
export function foundationRedisQueue(parts: FoundationParts): RedisCache | undefined {
  const { cache, queue } = parts.context.spec;
  if (queue?.kind !== 'managed' || queue.engine !== 'redis' || cache?.kind === 'managed') return undefined;
  return redis(parts, { part: 'queue', id: 'Queue', use: 'queue', highAvailability: queue.highAvailability });
}

interface RedisOptions {
  readonly part: 'cache' | 'queue';
  readonly id: string;
  readonly use: 'cache' | 'queue';
  readonly highAvailability: boolean;
}

function redis({ stack, context, network, channels }: FoundationParts, options: RedisOptions): RedisCache {
  const { part, id, use, highAvailability } = options;
  const { project, region } = context.gcp;
  const instanceName = redisName(context.scope, part);
  const cache = new RedisCache(stack, id, {
    region,
    network,
    instanceName,
    memoryGiB: cacheMemoryGiB(context.spec),
    highAvailability,
    use,
    deletionProtection: context.protect,
  });
  new CacheAlerts(stack, `${id}Alerts`, { project, region, instanceName, channels });
  return cache;
}
