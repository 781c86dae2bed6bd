import type { ReleaseRecord } from '../ledger/release-record.js';
import { schemaText } from './schema-text.js';
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
    schemaAfter(release.schema),
    outcomeText(release),
  ]);
  const all = [...rows, ...damaged.map(({ id }) => [id, '-', '-', '-', '-', 'damaged'])];
  const list = table([
    ['RELEASE', 'WHEN (UTC)', 'BY', 'GIT', 'SCHEMA', ''],
    ...all.toSorted(([a = ''], [b = '']) => Number(b.slice(1)) - Number(a.slice(1))),
  ]);
  return [list, ...damaged.flatMap(({ id, message, fix }) => ['', `${id}: ${message}`, `  fix: ${fix}`])].join('\n');
}

/** Where the database stood afterwards; with an arrow where the release brought it there. */
function schemaAfter({ before, after }: ReleaseRecord['schema']): string {
  return `${before === after ? '' : '→ '}${schemaText(after)}`;
}

function outcomeText({ serving, outcome, action, origin }: ReleasesTextOptions['releases'][number]): string {
  const ended = serving ? 'serving' : outcome;
  switch (action) {
    case 'deploy':
      return ended;
    case 'rollback':
      return `${ended} (= ${origin})`;
    case 'rotate':
      return `${ended} (rotated)`;
  }
}
