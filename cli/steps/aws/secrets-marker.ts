import { createHash } from 'node:crypto';

/** Pure: one text for the versions of some secrets; versions are random ids and say nothing about the values. */
export function secretsMarker(names: readonly string[], versions: ReadonlyMap<string, string | null>): string {
  const pairs = [...new Set(names)].toSorted().map((name) => [name, versions.get(name) ?? null]);
  return createHash('sha256').update(JSON.stringify(pairs)).digest('hex').slice(0, 16);
}
