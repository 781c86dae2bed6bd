import { expect, test } from 'vitest';
import { objectLedger } from '../../../cli/ledger/object-ledger.js';
import { MemoryObjectStore } from '../../support/memory-object-store.js';
import { record } from '../../support/release-record.js';

const prefix = 'support-agent/production/releases/';

test('records come back oldest first, numbers counted as numbers, the newest of each id', async () => {
  const store = new MemoryObjectStore();
  const ledger = objectLedger({ store, key: prefix });
  expect(await ledger.list()).toEqual([]);
  for (const id of ['r10', 'r9', 'r2']) await ledger.put(record(id));
  await ledger.put(record('r9', 'rolled-back'));
  await store.write('support-agent/staging/releases/r1.json', 'of another stage');

  const records = await ledger.list();

  expect(records.map(({ id, outcome }) => `${id} ${outcome}`)).toEqual([
    'r2 released',
    'r9 rolled-back',
    'r10 released',
  ]);
  expect(records[0]).toEqual(record('r2'));
});

test('a record that cannot be read hides no other, and is named with its place', async () => {
  const store = new MemoryObjectStore();
  const ledger = objectLedger({ store, key: prefix });
  await ledger.put(record('r1'));
  await store.write(`${prefix}r2.json`, '{"recordVersion": 1,');
  await store.write(`${prefix}r3.json`, JSON.stringify(record('r4')));

  expect((await ledger.list()).map(({ id }) => id)).toEqual(['r1']);
  expect((await ledger.damaged()).map(({ id, problem }) => `${id}: ${problem.message}`)).toEqual([
    `r2: cannot read the release record memory://${prefix}r2.json: it is cut short or was changed: not JSON`,
    `r3: cannot use the release record memory://${prefix}r3.json: it is the record of r4`,
  ]);
});

test('a record is read once, and again when it was written again', async () => {
  const store = new MemoryObjectStore();
  const reads: string[] = [];
  const read = store.read.bind(store);
  store.read = async (key) => {
    reads.push(key.slice(prefix.length));
    return await read(key);
  };
  const ledger = objectLedger({ store, key: prefix });
  await ledger.put(record('r1'));
  await ledger.put(record('r2'));

  await Promise.all([ledger.list(), ledger.damaged()]);
  await ledger.list();
  expect(reads).toEqual(['r1.json', 'r2.json']);

  await ledger.put(record('r2', 'rolled-back'));
  expect((await ledger.list()).map(({ outcome }) => outcome)).toEqual(['released', 'rolled-back']);
  expect(reads).toEqual(['r1.json', 'r2.json', 'r2.json']);
});
