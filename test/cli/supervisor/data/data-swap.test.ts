import { existsSync, mkdirSync, readFileSync, readdirSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import {
  beginSwap,
  commitSwap,
  isCommitted,
  previousDatabases,
  removeLeftovers,
  removePrevious,
  restoredDirectory,
  settleSwap,
  undoSwap,
} from '../../../../cli/supervisor/data/data-swap.js';
import type { PostgresHome } from '../../../../cli/tools/postgres/index.js';
import { temporaryDirectory } from '../../../support/temporary-directory.js';

const swap = { id: 's1', backup: 'b1', replacedAt: '2026-11-20T10:00:00.000Z' };
const whole = { version: 1 as const, ...swap };

/** What a swap does and undoes, a change on the disk at a time. */
const changes: readonly ((parent: string) => void)[] = [
  (parent) => writeFileSync(join(parent, 'swap.json'), JSON.stringify(whole)),
  (parent) => renameSync(join(parent, 'data'), join(parent, 'previous-s1')),
  (parent) => renameSync(join(parent, 'restored-s1'), join(parent, 'data')),
  // It does not start, and is undone:
  (parent) => renameSync(join(parent, 'data'), join(parent, 'restored-s1')),
  (parent) => renameSync(join(parent, 'previous-s1'), join(parent, 'data')),
];

test.each([
  { made: 0, pending: false, serves: 'old' },
  { made: 1, pending: false, serves: 'old' },
  { made: 2, pending: false, serves: 'old' },
  { made: 3, pending: true, serves: 'new' },
  { made: 4, pending: false, serves: 'old' },
  { made: 5, pending: false, serves: 'old' },
])('a swap that is cut short after $made changes leaves the $serves data whole', async ({ made, pending, serves }) => {
  const home = await bothDirectories();
  for (const change of changes.slice(0, made)) change(join(home.dataDirectory, '..'));

  const settled = settleSwap(home);

  expect(settled).toEqual(pending ? whole : undefined);
  expect(contentOf(home)).toBe(serves);
  if (!pending) expect(settleSwap(home)).toBeUndefined();
});

test('a swap that is undone leaves what was there before', async () => {
  const home = await bothDirectories();

  beginSwap(home, swap);
  undoSwap(home, whole);
  await removeLeftovers(home);

  expect(contentOf(home)).toBe('old');
  expect(readdirSync(join(home.dataDirectory, '..'))).toEqual(['data']);
});

test('a swap that is committed keeps what was there before until it is removed', async () => {
  const home = await bothDirectories();

  beginSwap(home, swap);
  const before = isCommitted(home, 's1');
  commitSwap(home, whole);
  await removeLeftovers(home);

  expect(before).toBe(false);
  expect(contentOf(home)).toBe('new');
  expect(settleSwap(home)).toBeUndefined();
  expect(await previousDatabases(home)).toEqual([
    { ...swap, directory: join(home.dataDirectory, '..', 'previous-s1'), bytes: 3 },
  ]);
  expect(await removePrevious(home, 's1')).toBe(true);
  expect(await removePrevious(home, 's1')).toBe(false);
  expect(readdirSync(join(home.dataDirectory, '..'))).toEqual(['data']);
});

test('leftovers stay as long as a swap may still need them', async () => {
  const home = await bothDirectories();
  changes[0]?.(join(home.dataDirectory, '..'));

  await removeLeftovers(home);

  expect(existsSync(restoredDirectory(home, 's1'))).toBe(true);
});

async function bothDirectories(): Promise<PostgresHome> {
  const parent = await temporaryDirectory();
  const home = { dataDirectory: join(parent, 'data'), binariesDirectory: '', externalDirectory: null, user: null };
  for (const [directory, content] of [
    [home.dataDirectory, 'old'],
    [restoredDirectory(home, 's1'), 'new'],
  ] as const) {
    mkdirSync(directory);
    writeFileSync(join(directory, 'content'), content);
  }
  return home;
}

function contentOf(home: PostgresHome): string {
  return readFileSync(join(home.dataDirectory, 'content'), 'utf8');
}
