import { existsSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { userInfo } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Client } from 'pg';
import { list } from 'tar';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { segmentsBetween } from '../../../../cli/tools/postgres/base-backup.js';
import {
  type BaseBackup,
  assertArchiveIntact,
  takeBaseBackup,
  unpackBackup,
  verifyPostgres,
} from '../../../../cli/tools/postgres/index.js';
import { type TestServer, openTestServer } from '../../../support/postgres-server.js';
import { tinyDisk } from '../../../support/tiny-disk.js';

const never = new AbortController().signal;
let server: TestServer;

beforeAll(async () => {
  server = await openTestServer();
});
afterAll(async () => {
  await server.stop();
});

test('a backup taken while rows are written restores to a state between its start and its end', async () => {
  await server.query('CREATE TABLE load (id bigserial PRIMARY KEY, batch int NOT NULL, body text NOT NULL)');
  await server.query(
    `INSERT INTO load (batch, body) SELECT 0, repeat(md5(i::text), 20) FROM generate_series(1, 20000) i`,
  );
  const writing = writeBatches(server);
  await writing.until(20);
  const before = { batches: writing.committed(), checksum: await checksum(server, 0) };

  const backup = await backupOf(server, 'under-load');
  const committedAtTheEnd = writing.committed() + 1;
  await writing.stop();
  const restored = await restoredFrom(server, 'under-load', backup);

  expect(await checksum(restored, 0)).toEqual(before.checksum);
  const batches = await restored.query(
    'SELECT batch, count(*)::int AS rows FROM load WHERE batch > 0 GROUP BY 1 ORDER BY 1',
  );
  // Whole transactions, none missing in between.
  expect(batches).toEqual(batches.map((_, index) => ({ batch: index + 1, rows: 100 })));
  expect(batches.length).toBeGreaterThanOrEqual(before.batches);
  expect(batches.length).toBeLessThanOrEqual(committedAtTheEnd);
  const verified = await verifyPostgres(restored.connection, never);
  expect(verified.rows).toBeGreaterThanOrEqual(20_000 + batches.length * 100);
  expect(verified.indexes).toBeGreaterThan(100);
  await restored.stop();
});

test('tables that are made, emptied and dropped meanwhile do not disturb a backup', async () => {
  let isOver = false;
  const churning = (async () => {
    while (!isOver) {
      await server.query(
        `CREATE TABLE churn AS SELECT repeat('x', 1000) AS body FROM generate_series(1, 3000); DELETE FROM churn`,
      );
      await server.query('VACUUM churn');
      await server.query('TRUNCATE churn; DROP TABLE churn');
    }
  })();

  const backups: BaseBackup[] = [];
  for (const name of ['churn-1', 'churn-2']) backups.push(await backupOf(server, name));
  isOver = true;
  await churning;

  for (const [index, backup] of backups.entries()) {
    const restored = await restoredFrom(server, `churn-${index + 1}`, backup);
    expect((await verifyPostgres(restored.connection, never)).indexes).toBeGreaterThan(100);
    await restored.stop();
  }
});

test('a backup leaves nothing in the server: no slot, no backup mode', async () => {
  await backupOf(server, 'tidy');

  expect(await server.query('SELECT slot_name FROM pg_replication_slots')).toEqual([]);
  expect(readdirSync(server.home.dataDirectory)).not.toContain('backup_label');
});

test('a backup holds no pid file and no log but what it needs', async () => {
  const backup = await backupOf(server, 'content');

  const paths: string[] = [];
  await list({ file: backup.file, onReadEntry: ({ path }) => paths.push(path) });

  expect(paths).toContain('backup_label');
  expect(paths).toContain('global/pg_control');
  expect(paths.filter((path) => /postmaster|pg_internal|pgsql_tmp/.test(path))).toEqual([]);
  expect(paths.filter((path) => /^pg_(replslot|stat_tmp|subtrans)\/./.test(path))).toEqual([]);
  expect(paths.filter((path) => /^pg_wal\/[0-9A-F]{24}$/.test(path)).length).toBeLessThan(4);
  expect(statSync(backup.file).mode & 0o777).toBe(0o600);
});

test('a backup that is cancelled ends at once, and the server leaves backup mode', async () => {
  const cancelled = new AbortController();
  const taking = takeBaseBackup({
    connection: server.connection,
    database: 'postgres',
    dataDirectory: server.home.dataDirectory,
    file: join(server.root, 'cancelled.tar.gz'),
    label: 'cancelled',
    signal: cancelled.signal,
    onBytes: () => cancelled.abort(new Error('enough')),
  });

  await expect(taking).rejects.toThrow('enough');
  expect(await server.query('SELECT slot_name FROM pg_replication_slots')).toEqual([]);
});

test('a backup that is cancelled before it copies ends as well', async () => {
  const taking = takeBaseBackup({
    connection: server.connection,
    database: 'postgres',
    dataDirectory: server.home.dataDirectory,
    file: join(server.root, 'never-begun.tar.gz'),
    label: 'never-begun',
    signal: AbortSignal.abort(new Error('enough')),
  });

  await expect(taking).rejects.toThrow('enough');
});

test('a backup that finds no room says so, and the server goes on', async (context) => {
  const taking = takeBaseBackup({
    connection: server.connection,
    database: 'postgres',
    dataDirectory: server.home.dataDirectory,
    file: join(tinyDisk(context, join(server.root, 'tiny'), 1), 'base.tar.gz'),
    label: 'full',
    signal: never,
  });

  await expect(taking).rejects.toMatchObject({
    code: 'EnvironmentNotReady',
    message: 'the disk is full: there is no room for the backup',
  });
  expect(await server.query('SELECT slot_name FROM pg_replication_slots')).toEqual([]);
});

test('data that finds no room says so', async (context) => {
  const backup = await backupOf(server, 'roomless');
  const disk = tinyDisk(context, join(server.root, 'tiny-data'), 4);

  const unpacking = unpackBackup(backup.file, { ...server.home, dataDirectory: join(disk, 'data') }, never);

  await expect(unpacking).rejects.toMatchObject({
    code: 'EnvironmentNotReady',
    message: expect.stringContaining('there is no room for the data'),
  });
});

test('an archive that was changed is not restored', async () => {
  const backup = await backupOf(server, 'changed');
  const content = readFileSync(backup.file);
  content[content.length >> 1] = (content[content.length >> 1] ?? 0) ^ 1;
  writeFileSync(backup.file, content);

  await expect(assertArchiveIntact(backup.file, backup, never)).rejects.toMatchObject({
    code: 'StateUnreadable',
    message: expect.stringContaining('is damaged: it has sha256'),
  });
});

test('an archive that was cut off is not unpacked', async () => {
  const backup = await backupOf(server, 'cut');
  writeFileSync(backup.file, readFileSync(backup.file).subarray(0, backup.bytes / 2));
  const directory = join(server.home.dataDirectory, '..', 'restored-cut');

  const unpacking = unpackBackup(backup.file, { ...server.home, dataDirectory: directory }, never);

  await expect(unpacking).rejects.toMatchObject({ code: 'StateUnreadable' });
  rmSync(directory, { recursive: true, force: true });
});

test('damage to an index and to a table is found and named', async () => {
  await server.query('CREATE TABLE fragile AS SELECT i AS id, md5(i::text) AS body FROM generate_series(1, 5000) i');
  await server.query('CREATE INDEX fragile_id ON fragile (id)');
  const backup = await backupOf(server, 'fragile');
  const restored = await restoredFrom(server, 'fragile', backup);
  const [paths] = await restored.query(
    `SELECT pg_relation_filepath('fragile') AS heap, pg_relation_filepath('fragile_id') AS index`,
  );
  await restored.stop();
  const directory = restored.home.dataDirectory;
  for (const path of Object.values(paths ?? {})) {
    const file = join(directory, String(path));
    const content = readFileSync(file);
    content.fill(0x5a, 8192 + 100, 8192 + 900);
    writeFileSync(file, content);
  }

  const damaged = await server.startOn(directory);
  const verifying = verifyPostgres(damaged.connection, never);

  await expect(verifying).rejects.toMatchObject({
    code: 'StateUnreadable',
    detail: expect.stringMatching(/fragile[\s\S]*fragile_id/),
  });
  await damaged.stop();
});

test.runIf(userInfo().uid === 0)('as root the restored files belong to the user the server runs as', async () => {
  const backup = await backupOf(server, 'owner');
  const directory = join(server.home.dataDirectory, '..', 'restored-owner');

  await unpackBackup(backup.file, { ...server.home, dataDirectory: directory }, never);

  const owners = readdirSync(directory, { recursive: true, encoding: 'utf8' }).map(
    (path) => statSync(join(directory, path)).uid,
  );
  expect(new Set(owners)).toEqual(new Set([server.home.user?.uid]));
  expect(statSync(directory).mode & 0o777).toBe(0o700);
});

test('segments of the write-ahead log are counted across the end of a file id', () => {
  expect(segmentsBetween('0000000200000001000000FE', '000000020000000200000001', 16 * 1024 * 1024)).toEqual([
    '0000000200000001000000FE',
    '0000000200000001000000FF',
    '000000020000000200000000',
    '000000020000000200000001',
  ]);
});

async function backupOf(of: TestServer, name: string): Promise<BaseBackup & { readonly file: string }> {
  const file = join(of.root, `${name}.tar.gz`);
  const backup = await takeBaseBackup({
    connection: of.connection,
    database: 'postgres',
    dataDirectory: of.home.dataDirectory,
    file,
    label: name,
    signal: never,
  });
  return { ...backup, file };
}

async function restoredFrom(of: TestServer, name: string, backup: BaseBackup): Promise<TestServer> {
  const file = join(of.root, `${name}.tar.gz`);
  const dataDirectory = join(of.home.dataDirectory, '..', `restored-${name}`);
  await assertArchiveIntact(file, backup, never);
  await unpackBackup(file, { ...of.home, dataDirectory }, never);
  expect(existsSync(join(dataDirectory, 'backup_label'))).toBe(true);
  return await of.startOn(dataDirectory);
}

async function checksum(of: TestServer, batch: number): Promise<unknown> {
  const [row] = await of.query(
    `SELECT count(*)::int AS rows, md5(string_agg(id || body, ',' ORDER BY id)) AS digest FROM load WHERE batch = $1`,
    [batch],
  );
  return row;
}

/** Commits batches of 100 rows, numbered from 1, and updates old rows, until it is stopped. */
function writeBatches(of: TestServer): {
  readonly committed: () => number;
  readonly until: (batches: number) => Promise<void>;
  readonly stop: () => Promise<void>;
} {
  let committed = 0;
  let isOver = false;
  const client = new Client({
    host: '127.0.0.1',
    port: of.connection.port,
    user: 'agentctl_admin',
    password: of.connection.adminPassword,
    database: 'postgres',
  });
  const running = (async () => {
    await client.connect();
    while (!isOver) {
      await client.query('BEGIN');
      await client.query(
        `INSERT INTO load (batch, body) SELECT $1::int, repeat(md5(i::text), 20) FROM generate_series(1, 100) i`,
        [committed + 1],
      );
      await client.query('UPDATE load SET body = body WHERE batch = 0 AND id % 97 = $1', [committed % 97]);
      await client.query('COMMIT');
      committed += 1;
    }
    await client.end();
  })();
  return {
    committed: () => committed,
    until: async (batches) => {
      while (committed < batches) await sleep(10);
    },
    stop: async () => {
      isOver = true;
      await running;
    },
  };
}
