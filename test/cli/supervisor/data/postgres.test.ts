import { readFileSync, rmSync } from 'node:fs';
import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import { userInfo } from 'node:os';
import { Client } from 'pg';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { SupervisorClient } from '../../../../cli/supervisor/client.js';
import type { PostgresStatus } from '../../../../cli/supervisor/protocol.js';
import { readSecretStore, writeSecretStore } from '../../../../cli/supervisor/secret-store.js';
import { stateLayout } from '../../../../cli/supervisor/state-layout.js';
import { killProcess } from '../../../support/kill-process.js';
import { type TestStage, eventually, openStage } from '../../../support/supervisor-stage.js';

const request = { database: 'agent_state', user: 'agent', extensions: ['pg_trgm'] };

describe('one server', () => {
  const shared: { stage?: TestStage; client?: SupervisorClient; first?: PostgresStatus } = {};
  const server = () => {
    const { stage, client, first } = shared;
    if (stage === undefined || client === undefined || first === undefined) throw new Error('not started');
    return { stage, client, first };
  };
  beforeAll(async () => {
    const stage = openStage({ onTestFinished: (cleanUp) => cleanUps.push(cleanUp) });
    const client = await stage.start();
    Object.assign(shared, { stage, client, first: await client.putPostgres(request) });
  });
  const cleanUps: (() => Promise<void>)[] = [];
  afterAll(async () => {
    for (const cleanUp of cleanUps) await cleanUp();
  });

  test('the database is made once, for a role that owns it and is no superuser', async () => {
    const { stage, client, first } = server();

    const second = await client.putPostgres({ ...request, extensions: ['pg_trgm', 'uuid-ossp'] });

    expect(first).toMatchObject({ host: '127.0.0.1', state: 'running', database: 'agent_state', restarts: 0 });
    expect(first.version).toMatch(/^17\./);
    expect(second.port).toBe(first.port);
    const facts = await query(
      stage.stateDirectory,
      first.port,
      `
    SELECT current_user AS role, rolsuper, rolcreatedb, pg_get_userbyid(datdba) AS owner,
      current_setting('server_encoding') AS encoding, current_setting('fsync') AS fsync,
      current_setting('listen_addresses') AS addresses,
      (SELECT array_agg(extname::text ORDER BY extname) FROM pg_extension) AS extensions
    FROM pg_database, pg_roles WHERE datname = current_database() AND rolname = current_user`,
    );
    expect(facts).toEqual([
      {
        role: 'agent',
        rolsuper: false,
        rolcreatedb: false,
        owner: 'agent',
        encoding: 'UTF8',
        fsync: 'on',
        addresses: '127.0.0.1',
        extensions: ['pg_trgm', 'plpgsql', 'uuid-ossp'],
      },
    ]);
  });

  test('an extension that does not exist is an error that names it', async () => {
    const { client } = server();

    const putting = client.putPostgres({ ...request, extensions: ['vector'] });

    await expect(putting).rejects.toMatchObject({
      code: 'EnvironmentNotReady',
      message: 'the local PostgreSQL has no extension vector',
    });
  });

  test.runIf(userInfo().uid === 0)('as root the server runs as the user postgres', () => {
    const { dataDirectory } = server().first;

    const pid = readFileSync(`${dataDirectory}/postmaster.pid`, 'utf8').split('\n')[0];

    expect(readFileSync(`/proc/${pid}/status`, 'utf8')).not.toMatch(/^Uid:\s+0\s/m);
  });
});

test.concurrent('a server that dies is started again and keeps what was committed', async (context) => {
  const stage = openStage(context);
  const client = await stage.start();
  const { port, dataDirectory } = await client.putPostgres(request);
  await query(stage.stateDirectory, port, 'CREATE TABLE kept AS SELECT 42 AS answer');

  killProcess(Number(readFileSync(`${dataDirectory}/postmaster.pid`, 'utf8').split('\n')[0]));
  await eventually(async () => {
    const { postgres } = await client.status();
    return postgres?.state === 'running' && postgres.restarts > 0;
  }, 30);

  expect(await query(stage.stateDirectory, port, 'SELECT answer FROM kept')).toEqual([{ answer: 42 }]);
});

test.concurrent('a password that was changed in the store holds from the next start on', async (context) => {
  const stage = openStage(context);
  const first = await stage.start();
  await first.putPostgres(request);
  await first.shutdown();
  const store = readSecretStore(stage.stateDirectory);
  const changed = `it's "new" \\ ${'x'.repeat(20)}`;
  writeSecretStore(stage.stateDirectory, { ...store, generated: { ...store.generated, 'postgres.password': changed } });

  const second = await stage.start();
  const { postgres } = await second.status();

  expect(postgres?.state).toBe('running');
  expect(await query(stage.stateDirectory, postgres?.port ?? 0, 'SELECT 1 AS one')).toEqual([{ one: 1 }]);
});

test.concurrent('data whose secret store was lost can still be opened', async (context) => {
  const stage = openStage(context);
  const first = await stage.start();
  await first.putPostgres(request);
  await first.shutdown();
  rmSync(stateLayout(stage.stateDirectory).secretsFile);

  const second = await stage.start();
  const { port } = await second.putPostgres(request);

  expect(await query(stage.stateDirectory, port, 'SELECT 1 AS one')).toEqual([{ one: 1 }]);
});

test.concurrent('a given port that is taken is refused, and the error names who has it', async (context) => {
  const stage = openStage(context);
  const client = await stage.start();
  const other = createServer().listen(0, '127.0.0.1');
  await once(other, 'listening');
  const { port } = other.address() as AddressInfo;

  const putting = client.putPostgres({ ...request, port });

  await expect(putting).rejects.toMatchObject({
    code: 'PortTaken',
    message: expect.stringContaining(`port ${port} for PostgreSQL is taken by`),
  });
  other.close();
});

async function query(stateDirectory: string, port: number, sql: string): Promise<unknown[]> {
  const password = readSecretStore(stateDirectory).generated['postgres.password'] ?? '';
  const client = new Client({ host: '127.0.0.1', port, user: 'agent', database: 'agent_state', password });
  await client.connect();
  try {
    return (await client.query(sql)).rows;
  } finally {
    await client.end();
  }
}
