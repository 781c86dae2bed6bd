import { Validations } from 'aws-cdk-lib/core';
import { CacheAlarms, ValkeyCache } from '../../../constructs/aws/index.js';
import { generatedSecretName } from '../naming.js';
import { cacheNodeType } from '../sizes.js';
import type { FoundationParts } from './foundation-parts.js';

/** The Valkey of the cache, which a queue on Redis shares; undefined when the agent has none, or one that runs elsewhere. */
export function foundationCache(parts: FoundationParts): ValkeyCache | undefined {
  const { cache, queue } = parts.context.spec;
  if (cache?.kind !== 'managed') return undefined;
  const holdsQueue = queue?.kind === 'managed' && queue.engine === 'redis';
  return valkey(parts, {
    part: 'cache',
    id: 'Cache',
    // Whoever drops what was not used for long would drop tasks.
    use: holdsQueue ? 'queue' : 'cache',
    isReplicated: cache.highAvailability || (holdsQueue && queue.highAvailability),
  });
}

/** The Valkey of a queue on Redis when there is no cache beside it. */
export function foundationRedisQueue(parts: FoundationParts): ValkeyCache | undefined {
  const { cache, queue } = parts.context.spec;
  if (queue?.kind !== 'managed' || queue.engine !== 'redis' || cache?.kind === 'managed') return undefined;
  return valkey(parts, { part: 'queue', id: 'Queue', use: 'queue', isReplicated: queue.highAvailability });
}

interface ValkeyOptions {
  readonly part: 'cache' | 'queue';
  readonly id: string;
  readonly use: 'cache' | 'queue';
  readonly isReplicated: boolean;
}

function valkey(
  { stack, context, network, key, taskSecurityGroup, topic }: FoundationParts,
  { part, id, use, isReplicated }: ValkeyOptions,
): ValkeyCache {
  const replicas = isReplicated ? 1 : 0;
  const cache = new ValkeyCache(stack, id, {
    vpc: network.vpc,
    vpcSubnets: network.dataSubnets,
    encryptionKey: key,
    secretName: generatedSecretName(context.scope, part),
    nodeType: cacheNodeType(context.spec),
    replicas,
    use,
  });
  cache.connections.allowDefaultPortFrom(taskSecurityGroup, 'Tasks');
  if (!isReplicated)
    Validations.of(cache).acknowledge({
      id: 'AwsSolutions-AEC4',
      reason: `The config file asks for one node: ${part}.highAvailability is false. It is restored from its snapshots.`,
    });
  new CacheAlarms(stack, `${id}Alarms`, {
    topic,
    replicationGroupId: cache.replicationGroup.ref,
    nodes: replicas + 1,
  });
  return cache;
}
