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

/**
 * CA and certificate of the search nodes with their keys; the key of the CA goes to no machine. In the order in which they are
 * written: what is newest of all of them fits together, or is made anew.
 */
export const certificateParts = ['search-ca-key', 'search-ca', 'search-key', 'search-node'] as const;

/** Pure: the secrets of a stage beside those of `secrets:`. */
export function generatedSecretsOf({ postgres, search, cache, queue }: AgentSpec): readonly GeneratedSecret[] {
  const ownQueue = queue?.kind === 'managed' && queue.engine === 'redis' && cache?.kind !== 'managed';
  const ofSearch: readonly GeneratedPart[] = ['search', ...certificateParts];
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
