import type { AgentSpec } from '../../spec/index.js';
import type { ComposeDependency } from './compose-service.js';

/** Services agentctl puts beside those of the spec. The spec reserves these names. */
export type BackingName = 'postgres' | 'pooler' | 'search' | 'cache' | 'queue' | 'temporal';

type BackedSpec = Pick<AgentSpec, 'postgres' | 'search' | 'cache' | 'queue' | 'clouds'>;

/** The backing services a spec needs in containers of their own, in the order they are written. */
export function backingNames(spec: BackedSpec): readonly BackingName[] {
  const { postgres, search, cache, queue, clouds } = spec;
  const isQueueApart = queue?.kind === 'managed' && !(queue.engine === 'redis' && cache?.kind === 'managed');
  return [
    ...(postgres?.kind === 'managed' ? (['postgres'] as const) : []),
    ...(postgres?.kind === 'managed' && postgres.pooler ? (['pooler'] as const) : []),
    ...(search?.kind === 'managed' ? (['search'] as const) : []),
    ...(cache?.kind === 'managed' ? (['cache'] as const) : []),
    ...(isQueueApart ? (['queue'] as const) : []),
    ...(clouds.local?.temporal === undefined ? [] : (['temporal'] as const)),
  ];
}

/** All backing services answer. */
export function onHealthyBacking(spec: BackedSpec): Readonly<Record<string, ComposeDependency>> {
  return Object.fromEntries(backingNames(spec).map((name) => [name, { condition: 'service_healthy' as const }]));
}
