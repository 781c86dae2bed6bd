import { execa } from 'execa';
import { mkdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { pgbouncerCheck, pgbouncerStart } from '../../../constructs/pooler/pgbouncer-start.js';
import { stubPrograms } from '../../support/stub-programs.js';
import { temporaryDirectory } from '../../support/temporary-directory.js';

const options = {
  host: 'support.abc.us-east-1.rds.amazonaws.com',
  port: 5433,
  user: 'agent',
  database: 'app',
  serverConnections: 100,
  clientConnections: 1000,
  lingerSeconds: 0,
};
/** A quote, a backslash, a dollar and a blank: what a shell or a file of users could trip over. */
const password = 'ca"na\\ry $HOME';

/** A PgBouncer that says what it was given and ends as the real one does: by SIGINT, not by SIGTERM. */
const pgbouncer = `
  process.on('SIGINT', () => { console.log('transactions finished'); process.exit(0); });
  process.on('SIGTERM', () => console.log('waiting for clients'));
  setInterval(() => {}, 1000);
  console.log(JSON.stringify({ arguments: process.argv.slice(2), password: process.env.PGPASSWORD ?? null }));
`;

async function started(program: string, variables: Record<string, string> = { PGPASSWORD: password }) {
  const directory = await temporaryDirectory();
  const memory = join(directory, 'memory');
  await mkdir(memory);
  const PATH = await stubPrograms(join(directory, 'bin'), { pgbouncer: program });
  const [file = '', ...args] = pgbouncerStart({ ...options, directory: memory });
  return { memory, args, process: execa(file, args, { env: { PATH, ...variables }, reject: false }) };
}

test('the password is in the file of users alone, which nobody else may read', async () => {
  const { memory, args, process } = await started(`console.log(process.env.PGPASSWORD ?? 'none')`);
  const { stdout, exitCode } = await process;
  expect({ stdout, exitCode }).toEqual({ stdout: 'none', exitCode: 0 });
  expect(await readFile(join(memory, 'users.txt'), 'utf8')).toBe('"agent" "ca""na\\ry $HOME"\n');
  expect((await stat(join(memory, 'users.txt'))).mode & 0o777).toBe(0o600);
  expect(await readFile(join(memory, 'pgbouncer.ini'), 'utf8')).not.toContain('ry $HOME');
  expect(args.join(' ')).not.toContain('ry $HOME');
});

test('with a file of users, that is what it lets in', async () => {
  const users = '"agent" "new"\n"agent_1" "old"\n"agent_2" "new"';
  const { memory, process } = await started(`console.log(process.env.PGBOUNCER_USERS ?? 'none')`, {
    PGBOUNCER_USERS: users,
  });
  expect((await process).stdout).toBe('none');
  expect(await readFile(join(memory, 'users.txt'), 'utf8')).toBe(`${users}\n`);
});

test('the configuration names the server, TLS to it, transaction mode and both limits', async () => {
  const { memory, process } = await started('');
  await process;
  expect((await readFile(join(memory, 'pgbouncer.ini'), 'utf8')).split('\n')).toEqual(
    expect.arrayContaining([
      'app = host=support.abc.us-east-1.rds.amazonaws.com port=5433 user=agent',
      'server_tls_sslmode = require',
      'pool_mode = transaction',
      'max_client_conn = 1000',
      'default_pool_size = 100',
      'max_db_connections = 100',
      'listen_port = 5432',
    ]),
  );
});

test('told to end, it lets transactions finish and waits for that', async () => {
  const { process } = await started(pgbouncer);
  process.stdout.once('data', () => process.kill('SIGTERM'));
  const { stdout, exitCode } = await process;
  expect(stdout.split('\n')).toEqual(['{"arguments":["pgbouncer.ini"],"password":null}', 'transactions finished']);
  expect(exitCode).toBe(0);
});

test('when PgBouncer fails, so does the container', async () => {
  const { process } = await started('process.exit(7)');
  expect((await process).exitCode).toBe(7);
});

test('the check looks for port 5432 in the words of the kernel', () => {
  expect(pgbouncerCheck).toBe(`grep -q ':1538 00000000:0000 0A' /proc/net/tcp`);
  expect(Number.parseInt('1538', 16)).toBe(5432);
});
