import type { LocalFacts } from './local-facts.js';

/** Releases whose artifacts are kept, the one that serves included: enough to roll back several times. */
const keptReleases = 5;

/** Pure: digests that none of the newest {@link keptReleases} successful releases, nor the new one, runs from. */
export function artifactsToPrune({ records }: Pick<LocalFacts, 'records'>, current: readonly string[]): string[] {
  const released = records.filter((record) => record.outcome === 'released').slice(-keptReleases);
  const kept = new Set([...current, ...released.flatMap((record) => Object.values(record.digests))]);
  const known = new Set(records.flatMap((record) => Object.values(record.digests)));
  return [...known].filter((digest) => !kept.has(digest));
}
