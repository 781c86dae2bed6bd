import { stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { fileLedger } from '../../../cli/ledger/file-ledger.js';
import { lastReleased, nextReleaseId } from '../../../cli/ledger/release-record.js';
import { record } from '../../support/release-record.js';
import { temporaryDirectory } from '../../support/temporary-directory.js';

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

test('a damaged record is told apart from the others, by name', async () => {
  const directory = await temporaryDirectory();
  const ledger = fileLedger(directory);
  for (const id of ['r1', 'r10']) await ledger.put(record(id));
  await writeFile(join(directory, 'r9.json'), '{"recordVersion": 1');
  await writeFile(join(directory, 'r11.json'), JSON.stringify(record('r2')));

  expect((await ledger.list()).map(({ id }) => id)).toEqual(['r1', 'r10']);
  expect(await ledger.damaged()).toMatchObject([
    {
      id: 'r9',
      problem: {
        code: 'StateUnreadable',
        message: `cannot read the release record ${join(directory, 'r9.json')}: it is cut short or was changed: not JSON`,
      },
    },
    {
      id: 'r11',
      problem: { message: `cannot use the release record ${join(directory, 'r11.json')}: it is the record of r2` },
    },
  ]);
});

test('the number of a damaged record is never given to another release', async () => {
  const directory = await temporaryDirectory();
  const ledger = fileLedger(directory);
  await ledger.put(record('r1'));
  await writeFile(join(directory, 'r2.json'), '');

  expect(nextReleaseId([...(await ledger.list()), ...(await ledger.damaged())])).toBe('r3');
});

test('a ledger that cannot be looked at is not an empty one', async () => {
  const directory = await temporaryDirectory();
  await writeFile(join(directory, 'releases'), 'a file in place of the directory');

  await expect(fileLedger(join(directory, 'releases')).list()).rejects.toMatchObject({ code: 'StateUnreadable' });
});

test('the first release is r1', () => {
  expect(nextReleaseId([])).toBe('r1');
});
