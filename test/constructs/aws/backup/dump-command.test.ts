import { execa } from 'execa';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { dumpCommand, dumpImage, dumpKey, dumpPrefix } from '../../../../constructs/aws/index.js';
import { stubPrograms } from '../../../support/stub-programs.js';
import { temporaryDirectory } from '../../../support/temporary-directory.js';

const password = 'canary-of-the-dump';

/** An `aws s3` that keeps what it is sent, and writes down how it was called. */
const aws = `
  const fs = require('node:fs');
  const [, verb, ...rest] = process.argv.slice(2);
  fs.appendFileSync(process.env.CALLS, [verb, ...rest].join(' ') + '\\n');
  if (process.env.UPLOAD_FAILS) process.exit(1);
  if (verb === 'cp') process.stdin.on('data', (data) => fs.appendFileSync(process.env.OBJECT, data));
`;

async function dump(pgDump: string, environment: Readonly<Record<string, string>> = {}) {
  const directory = await temporaryDirectory();
  const [CALLS, OBJECT] = [join(directory, 'calls'), join(directory, 'object')];
  for (const file of [CALLS, OBJECT]) await writeFile(file, '');
  const PATH = await stubPrograms(join(directory, 'bin'), { aws, pg_dump: pgDump });
  const [file = '', ...args] = dumpCommand({
    bucket: 'support-backups',
    host: 'db.internal',
    port: 5433,
    user: 'agent',
    database: 'app',
    largestGiB: 200,
    directory,
  });
  const { exitCode, all } = await execa(file, args, {
    env: { PATH, CALLS, OBJECT, PGPASSWORD: password, ...environment },
    reject: false,
    all: true,
  });
  const calls = (await readFile(CALLS, 'utf8')).trimEnd().split('\n');
  return { exitCode, output: all, args, calls, object: await readFile(OBJECT, 'utf8') };
}

const target = /s3:\/\/support-backups\/dumps\/app\/\d{8}T\d{6}Z\.dump$/;

test('what pg_dump writes is what is stored, under the time of now', async () => {
  const { exitCode, calls, object, output } = await dump(`process.stdout.write('PGDMP'.repeat(100000))`);
  expect(exitCode).toBe(0);
  expect(object).toBe('PGDMP'.repeat(100_000));
  expect(calls).toEqual([expect.stringMatching(/^cp --only-show-errors --expected-size 214748364800 - s3:/)]);
  expect(calls[0]).toMatch(target);
  expect(output).toMatch(target);
});

test('pg_dump is told where to connect, with TLS; the password is in its environment only', async () => {
  const { object, args, calls, output } = await dump(
    `process.stdout.write(JSON.stringify([process.argv.slice(2), process.env.PGPASSWORD]))`,
  );
  expect(JSON.parse(object)).toEqual([
    ['--format=custom', '--no-password', '--dbname=host=db.internal port=5433 user=agent dbname=app sslmode=require'],
    password,
  ]);
  expect([...args, ...calls, output].join('\n')).not.toContain(password);
});

test('a dump that breaks off is removed, and the task fails', async () => {
  const { exitCode, calls } = await dump(`process.stdout.write('PGDMP'); process.exitCode = 1`);
  expect(exitCode).toBe(1);
  expect(calls).toEqual([expect.stringMatching(/^cp /), expect.stringMatching(/^rm --only-show-errors s3:/)]);
  expect(calls[1]).toMatch(target);
});

test('when the upload fails, so does the task', async () => {
  const { exitCode, output } = await dump(`process.stdout.write('PGDMP')`, { UPLOAD_FAILS: 'yes' });
  expect(exitCode).not.toBe(0);
  expect(output).not.toContain('dumped to');
});

test('names', () => {
  expect(dumpPrefix('app')).toBe('dumps/app/');
  expect(dumpKey('app', '20261128T040000Z')).toBe('dumps/app/20261128T040000Z.dump');
  expect(dumpImage(17)).toBe('siemens/postgres-backup-s3:17');
});
