import { chmodSync, existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type TestContext, expect, test } from 'vitest';
import {
  type PostgresHome,
  databaseOsUser,
  initializePostgres,
  preparePostgresBinaries,
  preparePostgresHome,
} from '../../../../cli/tools/postgres/index.js';

test('an interrupted initialization is begun anew, and leaves nothing beside the data', async (context) => {
  const home = await makeHome(context);
  const parent = join(home.dataDirectory, '..');
  mkdirSync(join(parent, 'data-initializing-abcdef', 'data'), { recursive: true });
  const binaries = await preparePostgresBinaries({
    copyDirectory: home.binariesDirectory,
    user: home.user ?? undefined,
  });

  await initializePostgres({ binaries, home, adminPassword: 'secret-of-admin' });

  expect(readdirSync(parent)).toEqual(['data']);
  expect(existsSync(join(home.dataDirectory, 'PG_VERSION'))).toBe(true);
});

test('an initialization that fails leaves nothing, and shows what initdb says', async (context) => {
  const home = await makeHome(context);
  const initdb = join(home.dataDirectory, '..', '..', 'initdb');
  writeFileSync(initdb, '#!/bin/sh\necho no space left; exit 1\n');
  chmodSync(initdb, 0o755);

  const initializing = initializePostgres({ binaries: { initdb, postgres: initdb }, home, adminPassword: 'x' });

  await expect(initializing).rejects.toMatchObject({ code: 'EnvironmentNotReady', detail: 'no space left' });
  expect(readdirSync(join(home.dataDirectory, '..'))).toEqual([]);
});

test('data of another major version is refused with what to do', async (context) => {
  const home = await makeHome(context);
  mkdirSync(home.dataDirectory);
  writeFileSync(join(home.dataDirectory, 'PG_VERSION'), '15\n');
  const binaries = await preparePostgresBinaries({
    copyDirectory: home.binariesDirectory,
    user: home.user ?? undefined,
  });

  await expect(initializePostgres({ binaries, home, adminPassword: 'x' })).rejects.toMatchObject({
    code: 'EnvironmentNotReady',
    message: `the data in ${home.dataDirectory} is of PostgreSQL 15, this agentctl brings 17`,
  });
});

/** Under /tmp, where the user PostgreSQL runs as can get to. */
async function makeHome({ onTestFinished }: TestContext): Promise<PostgresHome> {
  const root = mkdtempSync('/tmp/agentctl-initdb-');
  chmodSync(root, 0o755);
  onTestFinished(() => rmSync(root, { recursive: true, force: true }));
  return await preparePostgresHome({
    preferredDirectory: join(root, 'postgres'),
    key: 'test',
    user: await databaseOsUser(),
  });
}
