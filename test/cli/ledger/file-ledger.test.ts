import { stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { fileLedger } from '../../../cli/ledger/file-ledger.js';
import { lastReleased, nextReleaseId, type ReleaseRecord } from '../../../cli/ledger/release-record.js';
import { temporaryDirectory } from '../../support/temporary-directory.js';

function record(id: string, outcome: ReleaseRecord['outcome'] = 'released'): ReleaseRecord {
  return {
    recordVersion: 1,
    id,
    name: 'support-agent',
    action: 'deploy',
    origin: id,
    createdAt: '2026-01-01T00:00:00.000Z',
    by: { user: 'ann', host: 'laptop' },
    git: null,
    specHash: 'x',
    digests: {},
    migrations: [],
    schema: { before: null, after: null },
    secrets: {},
    contentHash: 'y',
    outcome,
    manifest: { any: 'shape' },
  };
}

test('an empty ledger', async () => {
  expect(await fileLedger(join(await temporaryDirectory(), 'releases')).list()).toEqual([]);
});

test('records come back oldest first, numbers counted as numbers', async () => {
  const directory = await temporaryDirectory();
  const ledger = fileLedger(directory);
  for (const id of ['r10', 'r9', 'r2']) await ledger.put(record(id));
  await ledger.put(record('r9', 'rolled-back'));

  const records = await ledger.list();

  expect(records.map(({ id, outcome }) => `${id} ${outcome}`)).toEqual([
    'r2 released',
    'r9 rolled-back',
    'r10 released',
  ]);
  expect(nextReleaseId(records)).toBe('r11');
  expect(lastReleased(records)?.id).toBe('r10');
  expect((await stat(join(directory, 'r2.json'))).mode & 0o777).toBe(0o600);
});

test('a damaged record is refused by name, never skipped', async () => {
  const directory = await temporaryDirectory();
  await writeFile(join(directory, 'r1.json'), '{"recordVersion": 2}');

  await expect(fileLedger(directory).list()).rejects.toMatchObject({
    code: 'StateUnreadable',
    message: expect.stringContaining('r1.json') as string,
  });
});

test('the first release is r1', () => {
  expect(nextReleaseId([])).toBe('r1');
});
