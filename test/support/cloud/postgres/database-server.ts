import { chownSync, existsSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Client, escapeIdentifier } from 'pg';
import { adminRole } from '../../../../cli/tools/postgres/index.js';
import { runToEnd, startProcess } from '../../../../cli/tools/process/index.js';
import { postgresTemplate } from './postgres-template.js';

/** A PostgreSQL server that runs. */
export interface DatabaseServer {
  readonly dataDirectory: string;
  /** A connection of the superuser; whoever opens it ends it. */
  session(database?: string): Promise<Client>;
  /** Runs SQL as the superuser. */
  query(sql: string, database?: string): Promise<Record<string, unknown>[]>;
  stop(): Promise<void>;
}

const readySeconds = 60;
const pollMilliseconds = 25;

/** Starts a server on a data directory. It is quick, not durable: nothing of it outlives the test. */
export async function startDatabaseServer(options: {
  readonly dataDirectory: string;
  readonly address: string;
  readonly port: number;
}): Promise<DatabaseServer> {
  const { binaries, user, adminPassword } = await postgresTemplate();
  const { dataDirectory, address, port } = options;
  const isSecured = existsSync(join(dataDirectory, 'server.key'));
  const settings = {
    listen_addresses: address,
    port: String(port),
    unix_socket_directories: '',
    fsync: 'off',
    synchronous_commit: 'off',
    full_page_writes: 'off',
    logging_collector: 'off',
    ssl: isSecured ? 'on' : 'off',
  };
  const output: Buffer[] = [];
  const server = await startProcess({
    command: binaries.postgres,
    args: ['-D', dataDirectory, ...Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`])],
    workingDirectory: dirname(dataDirectory),
    environment: { PATH: process.env['PATH'] ?? '', LC_ALL: 'C' },
    ...(user === undefined ? {} : { user }),
    onOutput: (_stream, chunk) => void output.push(chunk),
  });
  let hasEnded = false;
  void server.ended.then(() => (hasEnded = true));
  const session = async (database = 'postgres'): Promise<Client> => {
    const client = new Client({ host: address, port, user: adminRole, password: adminPassword, database });
    client.on('error', () => undefined);
    await client.connect();
    return client;
  };
  const query = async (sql: string, database?: string): Promise<Record<string, unknown>[]> => {
    const client = await session(database);
    try {
      return (await client.query<Record<string, unknown>>(sql)).rows;
    } finally {
      await client.end();
    }
  };
  const deadline = performance.now() + readySeconds * 1000;
  for (;;) {
    const problem = await query('SELECT 1').then(
      () => undefined,
      (error: unknown) => error,
    );
    if (problem === undefined) break;
    if (hasEnded || performance.now() > deadline) {
      await server.stop({ graceSeconds: 0 });
      throw new Error(`PostgreSQL does not start: ${String(problem)}\n${Buffer.concat(output).toString('utf8')}`);
    }
    await sleep(pollMilliseconds);
  }
  return {
    dataDirectory,
    session,
    query,
    // A fast shutdown ends the sessions.
    stop: async () => await server.stop({ graceSeconds: 20, signal: 'SIGINT' }),
  };
}

/** A database of its own for a role. */
export async function makeDatabase(server: DatabaseServer, name: string, owner: string): Promise<void> {
  await server.query(`CREATE DATABASE ${escapeIdentifier(name)} OWNER ${escapeIdentifier(owner)}`);
}

/** Copies the data of a server that runs (PostgreSQL manual, "Making a Base Backup Using the Low Level API"). */
export async function copyOfRunning(server: DatabaseServer, to: string): Promise<void> {
  const backup = await server.session();
  try {
    await backup.query("SELECT pg_backup_start('snapshot', true)");
    await copyDirectory(server.dataDirectory, to);
    const { rows } = await backup.query<{ labelfile: string }>('SELECT labelfile FROM pg_backup_stop(false)');
    // The log up to the end of the copy is what makes it consistent.
    rmSync(join(to, 'pg_wal'), { recursive: true });
    await copyDirectory(join(server.dataDirectory, 'pg_wal'), join(to, 'pg_wal'));
    rmSync(join(to, 'postmaster.pid'), { force: true });
    const label = join(to, 'backup_label');
    writeFileSync(label, rows[0]?.labelfile ?? '');
    const { user } = await postgresTemplate();
    if (user !== undefined) chownSync(label, user.uid, user.gid);
  } finally {
    await backup.end();
  }
}

/** Keeps owners and modes. Files that vanish meanwhile are temporary ones. */
export async function copyDirectory(from: string, to: string): Promise<void> {
  const end = await runToEnd({
    command: 'cp',
    args: ['-a', from, to],
    workingDirectory: '/',
    environment: { PATH: process.env['PATH'] ?? '' },
    timeoutSeconds: 120,
  });
  if (end.exitCode !== 0 && !/No such file or directory/.test(end.output)) throw new Error(end.output);
}
