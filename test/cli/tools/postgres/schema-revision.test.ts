import { Client } from 'pg';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { schemaRevision } from '../../../../cli/tools/postgres/index.js';
import { revisionOf } from '../../../../cli/tools/postgres/schema-revision.js';
import { type TestServer, openTestServer } from '../../../support/postgres-server.js';

describe('what the rows of a migration tool say', () => {
  test.each([
    ['alembic_version', [{ version_num: '3f2a91' }], 'alembic:3f2a91'],
    ['alembic_version', [], undefined],
    [
      '_prisma_migrations',
      [
        { migration_name: '1_init', started_at: '2026-01-01', finished_at: '2026-01-01', rolled_back_at: null },
        { migration_name: '2_bad', started_at: '2026-01-02', finished_at: null, rolled_back_at: '2026-01-02' },
      ],
      'prisma:1_init',
    ],
    ['django_migrations', [{ id: 1, app: 'agent', name: '0001_initial' }], 'django:agent.0001_initial'],
    ['schema_migrations', [{ version: 20260101, dirty: true }], 'schema_migrations:20260101-dirty'],
    ['schema_migrations', [{ version: '20260101' }], 'schema_migrations:20260101'],
    [
      'flyway_schema_history',
      [
        { installed_rank: 1, version: '1.1', description: 'init', success: true },
        { installed_rank: 2, version: '1.2', description: 'bad', success: false },
      ],
      'flyway:1.1',
    ],
    ['__drizzle_migrations', [{ id: 1, hash: '0123456789abcdef' }], 'drizzle:0123456789ab'],
  ])('%s %j → %s', (table, rows, revision) => {
    expect(revisionOf(table, rows)).toBe(revision);
  });

  test('a history is in the order it was applied, and every part of it counts', () => {
    const ten = [9, 10, 2].map((id) => ({ id, name: `m${id}` }));

    expect(revisionOf('knex_migrations', ten)).toMatch(/^knex:m10#[0-9a-f]{8}$/);
    expect(revisionOf('knex_migrations', ten)).toBe(revisionOf('knex_migrations', ten.toReversed()));
    expect(revisionOf('knex_migrations', ten)).not.toBe(revisionOf('knex_migrations', ten.slice(1)));
  });
});

describe('a database', () => {
  let server: TestServer;
  beforeAll(async () => {
    server = await openTestServer();
  });
  afterAll(async () => {
    await server.stop();
  });

  test('without a migration tool is known by its tables, columns and indexes', async () => {
    const inDatabase = await newDatabase(server, 'plain');
    const empty = await inDatabase((client) => schemaRevision(client));
    const withTable = await inDatabase(async (client) => {
      await client.query('CREATE TABLE note (id int PRIMARY KEY, body text)');
      return await schemaRevision(client);
    });
    const withRow = await inDatabase(async (client) => {
      await client.query(`INSERT INTO note VALUES (1, 'x')`);
      return await schemaRevision(client);
    });
    const withIndex = await inDatabase(async (client) => {
      await client.query('CREATE INDEX ON note (body); CREATE TEMP TABLE passing (x int); CREATE EXTENSION hstore');
      return await schemaRevision(client);
    });

    expect(empty).toMatch(/^schema:[0-9a-f]{12}$/);
    expect(withRow).toBe(withTable);
    expect(new Set([empty, withTable, withIndex]).size).toBe(3);
  });

  test('with migration tools is known by what they say, wherever their tables are', async () => {
    const inDatabase = await newDatabase(server, 'tools');

    const revision = await inDatabase(async (client) => {
      await client.query(`CREATE TABLE alembic_version (version_num varchar(32)); INSERT INTO alembic_version VALUES ('ab12');
        CREATE SCHEMA drizzle; CREATE TABLE drizzle.__drizzle_migrations (id serial, hash text, created_at bigint);
        INSERT INTO drizzle.__drizzle_migrations (hash) VALUES ('ffff');
        CREATE TABLE knex_migrations (id int, name text)`);
      return await schemaRevision(client);
    });

    expect(revision).toBe('drizzle:ffff,alembic:ab12');
  });
});

async function newDatabase(
  server: TestServer,
  database: string,
): Promise<<T>(work: (client: Client) => Promise<T>) => Promise<T>> {
  await server.query(`CREATE DATABASE ${database}`);
  return async (work) => {
    const { port, adminPassword: password } = server.connection;
    const client = new Client({ host: '127.0.0.1', port, user: 'agentctl_admin', password, database });
    await client.connect();
    try {
      return await work(client);
    } finally {
      await client.end();
    }
  };
}
