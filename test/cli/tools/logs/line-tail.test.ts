import { appendFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { lineTail } from '../../../../cli/tools/logs/line-tail.js';
import { temporaryDirectory } from '../../../support/temporary-directory.js';

test('a file that is not there has no lines yet', async () => {
  const file = join(await temporaryDirectory(), 'log');
  const tail = lineTail(file);

  expect(await tail.next()).toEqual([]);
  await writeFile(file, 'one\n');
  expect(await tail.next()).toEqual(['one']);
});

test('a line comes when it is whole, also when a character was cut in two', async () => {
  const file = join(await temporaryDirectory(), 'log');
  const [first, second] = [Buffer.from('on\u00e9 \u2713').subarray(0, 6), Buffer.from('on\u00e9 \u2713').subarray(6)];
  await writeFile(file, first);
  const tail = lineTail(file);

  expect(await tail.next()).toEqual([]);
  await appendFile(file, Buffer.concat([second, Buffer.from('\ntwo\nthr')]));
  expect(await tail.next()).toEqual(['on\u00e9 \u2713', 'two']);
  await appendFile(file, 'ee\n');
  expect(await tail.next()).toEqual(['three']);
});

test('after a rotation it goes on with the new file', async () => {
  const file = join(await temporaryDirectory(), 'log');
  await writeFile(file, 'one\n');
  const tail = lineTail(file);
  await tail.next();

  await rename(file, `${file}.1`);
  await writeFile(file, 'a longer line than before\n');

  expect(await tail.next()).toEqual(['a longer line than before']);
});
