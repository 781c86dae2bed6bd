import type { ReleaseRecord } from '../ledger/release-record.js';
import { table } from './table.js';

export interface ReleasesTextOptions {
  readonly name: string;
  readonly target: string;
  readonly stage: string;
  /** Newest first. */
  readonly releases: readonly (Omit<ReleaseRecord, 'manifest'> & { readonly serving: boolean })[];
  /** Those whose record cannot be read. */
  readonly damaged: readonly { readonly id: string; readonly message: string; readonly fix: string }[];
  /** Flags of the commands that are suggested. */
  readonly flags: string;
}

/** Pure: `agentctl releases` for people, within 80 columns for ordinary names. */
export function releasesText({ name, target, stage, releases, damaged, flags }: ReleasesTextOptions): string {
  if (releases.length + damaged.length === 0)
    return `no release of ${name} on ${target}, stage ${stage} yet (agentctl deploy ${flags})`;
  const rows = releases.map((release) => [
    release.id,
    release.createdAt.slice(0, 16).replace('T', ' '),
    release.by.user,
    release.git === null ? '-' : `${release.git.sha.slice(0, 7)}${release.git.dirty ? '+' : ''}`,
    schemaText(release.schema),
    outcomeText(release),
  ]);
  const all = [...rows, ...damaged.map(({ id }) => [id, '-', '-', '-', '-', 'damaged'])];
  const list = table([
    ['RELEASE', 'WHEN (UTC)', 'BY', 'GIT', 'SCHEMA', ''],
    ...all.toSorted(([a = ''], [b = '']) => Number(b.slice(1)) - Number(a.slice(1))),
  ]);
  return [list, ...damaged.flatMap(({ id, message, fix }) => ['', `${id}: ${message}`, `  fix: ${fix}`])].join('\n');
}

/** A revision is long where a tool made it up; its beginning tells it from the others. */
function schemaText({ before, after }: ReleaseRecord['schema']): string {
  if (after === null) return '-';
  return `${short(after)}${before === after ? '' : ' (new)'}`;
}

function short(revision: string): string {
  return revision.length <= 20 ? revision : `${revision.slice(0, 19)}…`;
}

function outcomeText(release: ReleasesTextOptions['releases'][number]): string {
  const outcome = release.serving ? 'serving' : release.outcome;
  return release.action === 'deploy' ? outcome : `${outcome}, ${release.action} of ${release.origin}`;
}
