import { chmodSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { Client } from 'pg';
import {
  type AdminConnection,
  type PostgresBinaries,
  type PostgresHome,
  databaseOsUser,
  initializePostgres,
  openPostgres,
  preparePostgresBinaries,
  preparePostgresHome,
  startPostgres,
  stopPostgres,
} from '../../cli/tools/postgres/index.js';
import { createPortAllocator } from '../../cli/tools/process/index.js';

/** A real server without a supervisor, for one test file. */
export interface TestServer {
  /** Holds the home, and is open to the user the server runs as. */
  readonly root: string;
  readonly home: PostgresHome;
  readonly binaries: PostgresBinaries;
  readonly connection: AdminConnection;
  readonly pid: number;
  /** Asks the database `postgres` of this server. */
  query(sql: string, values?: readonly unknown[]): Promise<Record<string, unknown>[]>;
  /** Starts a second server on other data, with its own port; stopped with the first. */
  startOn(dataDirectory: string): Promise<TestServer>;
  /** Stops it, and removes nothing. */
  halt(): Promise<void>;
  /** Stops it and those it has started, and removes their data. */
  stop(): Promise<void>;
}

/** Makes and starts a server. `checksums`: every page of its data has one. */
export async function openTestServer(options: { readonly checksums?: boolean } = {}): Promise<TestServer> {
  const root = realpathSync(mkdtempSync('/tmp/agentctl-server-'));
  chmodSync(root, 0o755);
  const user = await databaseOsUser();
  const home = await preparePostgresHome({ preferredDirectory: join(root, 'postgres'), key: 'test', user });
  const binaries = await preparePostgresBinaries({ copyDirectory: home.binariesDirectory, user });
  const initdb = options.checksums === true ? withChecksums(root, binaries.initdb) : binaries.initdb;
  await initializePostgres({ binaries: { ...binaries, initdb }, home, adminPassword: 'secret-of-admin' });
  const others: TestServer[] = [];
  const start = async (ofHome: PostgresHome): Promise<TestServer> => {
    const connection = { port: await createPortAllocator().allocate(), adminPassword: 'secret-of-admin' };
    const log: Buffer[] = [];
    const { server } = await openPostgres({
      binaries,
      home: ofHome,
      connection,
      start: () =>
        startPostgres({
          binaries,
          home: ofHome,
          port: connection.port,
          onOutput: (_stream, chunk) => log.push(chunk),
        }),
    }).catch((error: unknown) => {
      throw new Error(`${String(error)}\n${Buffer.concat(log).toString('utf8')}`);
    });
    return {
      root,
      home: ofHome,
      binaries,
      connection,
      pid: server.identity.pid,
      query: (sql, values) => ask(connection, sql, values),
      startOn: async (dataDirectory) => {
        const other = await start({ ...home, dataDirectory });
        others.push(other);
        return other;
      },
      halt: () => stopPostgres(server),
      stop: () => stopPostgres(server),
    };
  };
  const first = await start(home);
  return {
    ...first,
    stop: async () => {
      await Promise.all([...others, first].map((server) => server.stop()));
      rmSync(dirname(dirname(home.dataDirectory)), { recursive: true, force: true });
    },
  };
}

/** Stands in for initdb. */
function withChecksums(root: string, initdb: string): string {
  const script = join(root, 'initdb');
  writeFileSync(script, `#!/bin/sh\nexec '${initdb}' --data-checksums "$@"\n`);
  chmodSync(script, 0o755);
  return script;
}

async function ask(
  { port, adminPassword }: AdminConnection,
  sql: string,
  values: readonly unknown[] = [],
): Promise<Record<string, unknown>[]> {
  const client = new Client({
    host: '127.0.0.1',
    port,
    user: 'agentctl_admin',
    password: adminPassword,
    database: 'postgres',
  });
  client.on('error', () => undefined);
  await client.connect();
  try {
    return (await client.query<Record<string, unknown>>(sql, [...values])).rows;
  } finally {
    await client.end();
  }
}
