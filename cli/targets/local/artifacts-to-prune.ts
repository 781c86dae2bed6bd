import type { ReleaseRecord } from '../../ledger/release-record.js';
import { artifactKey } from '../../tools/artifacts/artifact-store.js';
import type { StageFacts } from './local-facts.js';

/** Different releases whose artifacts are kept, the one that serves included: enough to roll back several times. */
const keptReleases = 5;

/**
 * Pure: keys of stored artifacts that neither the new release nor any of the newest {@link keptReleases} successful
 * ones runs from. Releases that run the same count once, so that repeated rotations never push out the last good one.
 */
export function artifactsToPrune(
  { records, damaged, running, artifacts }: Pick<StageFacts, 'records' | 'damaged' | 'running' | 'artifacts'>,
  current: readonly string[],
): string[] {
  // A record that is restored from a backup should find what it runs from.
  if (damaged.length > 0) return [];
  const serving = records.filter(({ id }) => id === running?.servingRelease);
  const kept = [...serving, ...newestDifferent(records)].flatMap(({ digests }) => Object.values(digests));
  const keys = new Set([...current, ...kept].map(artifactKey));
  return artifacts.filter((key) => !keys.has(key));
}

function newestDifferent(records: readonly ReleaseRecord[]): readonly ReleaseRecord[] {
  const released = records.filter((record) => record.outcome === 'released').toReversed();
  const byOrigin = new Map(released.map((record) => [record.origin, record]));
  return [...byOrigin.values()].slice(0, keptReleases);
}
