import type { AgentSpec } from '../spec/index.js';
import type { GeneratedPart } from './naming.js';

/** A secret that nobody sets. */
export interface GeneratedSecret {
  readonly part: GeneratedPart;
  /**
   * `agentctl`: there before the foundation stack. `memorystore`: Google makes it with the instance, and
   * `gcloud redis instances get-auth-string` tells it after the foundation stack.
   */
  readonly madeBy: 'agentctl' | 'memorystore';
}

/** Pure: the secrets of a stage beside those of `secrets:`. */
export function generatedSecretsOf({ postgres, search, cache, queue }: AgentSpec): readonly GeneratedSecret[] {
  const ownQueue = queue?.kind === 'managed' && queue.engine === 'redis' && cache?.kind !== 'managed';
  const ofSearch: readonly GeneratedPart[] = ['search', 'search-ca', 'search-node', 'search-key'];
  const byAgentctl: readonly GeneratedPart[] = [
    ...(postgres?.kind === 'managed' ? (['postgres'] as const) : []),
    ...(search?.kind === 'managed' ? ofSearch : []),
  ];
  const byMemorystore: readonly GeneratedPart[] = [
    ...(cache?.kind === 'managed' ? (['cache'] as const) : []),
    ...(ownQueue ? (['queue'] as const) : []),
  ];
  return [
    ...byAgentctl.map((part) => ({ part, madeBy: 'agentctl' as const })),
    ...byMemorystore.map((part) => ({ part, madeBy: 'memorystore' as const })),
  ];
}
