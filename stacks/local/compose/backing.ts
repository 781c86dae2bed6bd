import type { AgentSpec } from '../../spec/index.js';
import type { ComposeDependency } from './compose-service.js';

/** Services agentctl puts beside those of the spec. The spec reserves these names. */
export type BackingName = 'postgres' | 'search' | 'cache' | 'queue';

/** The backing services a spec needs in containers of their own, in the order they are written. */
export function backingNames(spec: Pick<AgentSpec, BackingName>): readonly BackingName[] {
  const { postgres, search, cache, queue } = spec;
  const isQueueApart = queue?.kind === 'managed' && !(queue.engine === 'redis' && cache?.kind === 'managed');
  return [
    ...(postgres?.kind === 'managed' ? (['postgres'] as const) : []),
    ...(search?.kind === 'managed' ? (['search'] as const) : []),
    ...(cache?.kind === 'managed' ? (['cache'] as const) : []),
    ...(isQueueApart ? (['queue'] as const) : []),
  ];
}

/** All backing services answer. */
export function onHealthyBacking(spec: Pick<AgentSpec, BackingName>): Readonly<Record<string, ComposeDependency>> {
  return Object.fromEntries(backingNames(spec).map((name) => [name, { condition: 'service_healthy' as const }]));
}
