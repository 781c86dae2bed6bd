import { mkdtempSync, readFileSync, readdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, expect, test } from 'vitest';
import { createLogBook } from '../../../../cli/supervisor/logs/log-book.js';

const source = { service: 'api', replica: 'api.1', release: 'r1' };
const now = (): Date => new Date('2026-11-20T10:00:00Z');

test('each line has its time, release, replica and stream', async (context) => {
  const directory = temporary(context);
  const log = createLogBook(directory, { now }).open(source);

  log.write('out', Buffer.from('hel'));
  log.write('err', Buffer.from('oops\n'));
  log.write('out', Buffer.from('lo\nlast'));
  await log.end();

  expect(read(directory, 'api/api.1.log')).toBe(
    [
      '2026-11-20T10:00:00.000Z r1 api.1 err oops',
      '2026-11-20T10:00:00.000Z r1 api.1 out hello',
      '2026-11-20T10:00:00.000Z r1 api.1 out last',
      '',
    ].join('\n'),
  );
  expect(log.tail()).toEqual(['oops', 'hello', 'last']);
  expect(statSync(join(directory, 'api/api.1.log')).mode & 0o777).toBe(0o600);
});

test('two releases write to the same file during a switch, line by line', async (context) => {
  const directory = temporary(context);
  const book = createLogBook(directory, { now });
  const logs = ['r1', 'r2'].map((release) => book.open({ ...source, release }));

  for (const text of ['a', 'b\n', 'c\n']) for (const log of logs) log.write('out', Buffer.from(text));
  await logs[0]?.end();
  logs[1]?.write('out', Buffer.from('d\n'));
  await logs[1]?.end();

  const lines = read(directory, 'api/api.1.log')
    .trimEnd()
    .split('\n')
    .map((line) => line.slice(25));
  expect(lines).toEqual(['r1 api.1 out ab', 'r2 api.1 out ab', 'r1 api.1 out c', 'r2 api.1 out c', 'r2 api.1 out d']);
});

test('a secret is masked, also when it comes in pieces, and also one learnt later', async (context) => {
  const directory = temporary(context);
  const book = createLogBook(directory, { now });
  book.mask(['canary-1']);
  const log = book.openPlain(join(directory, 'tasks', 't1.log'));

  log.write('out', Buffer.from('a can'));
  log.write('out', Buffer.from('ary-1\n'));
  book.mask(['canary-2']);
  log.write('out', Buffer.from('canary-1 canary-2\n'));
  await log.end();

  expect(read(directory, 'tasks/t1.log')).toBe('a •••\n••• •••\n');
});

test('a log is rotated at its size, and only five files of it stay', async (context) => {
  const directory = temporary(context);
  const log = createLogBook(directory, { now, rotateAt: '4K' }).open(source);

  for (let count = 0; count < 400; count += 1) {
    log.write('out', Buffer.from(`${count} ${'x'.repeat(60)}\n`));
    if (count % 20 === 0) await new Promise((resolve) => setImmediate(resolve));
  }
  await log.end();

  const files = readdirSync(join(directory, 'api')).sort();
  expect(files).toEqual(['api.1.log', 'api.1.log.1', 'api.1.log.2', 'api.1.log.3', 'api.1.log.4']);
  const newest = [...files]
    .reverse()
    .map((file) => read(directory, `api/${file}`))
    .join('');
  expect(newest.trimEnd().split('\n').at(-1)).toContain('out 399 ');
  for (const file of files) expect(statSync(join(directory, 'api', file)).mode & 0o077).toBe(0);
});

test('a plain log with a largest size ends with a line that says so', async (context) => {
  const directory = temporary(context);
  const file = join(directory, 't1.log');
  const log = createLogBook(directory, { now }).openPlain(file, { largestBytes: 10 });

  log.write('out', Buffer.from('12345\n67890\nmore\nand more\n'));
  await log.end();

  expect(readFileSync(file, 'utf8')).toBe('12345\n67890\n… (cut: this log is as long as it may get)\n');
  expect(log.tail().at(-1)).toBe('and more');
});

test('the tail holds the last fifty lines', async (context) => {
  const log = createLogBook(temporary(context), { now }).open(source);

  log.write('out', Buffer.from(Array.from({ length: 80 }, (_, index) => `${index}\n`).join('')));

  expect(log.tail()).toHaveLength(50);
  expect(log.tail().at(0)).toBe('30');
  await log.end();
});

function temporary({ onTestFinished }: TestContext): string {
  const directory = mkdtempSync(join(tmpdir(), 'agentctl-logs-'));
  onTestFinished(() => rmSync(directory, { recursive: true, force: true }));
  return directory;
}

function read(directory: string, file: string): string {
  return readFileSync(join(directory, file), 'utf8');
}
