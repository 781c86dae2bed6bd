import { existsSync, readFileSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { readSecretStore, writeSecretStore } from '../../../../cli/supervisor/secret-store.js';
import { stateLayout } from '../../../../cli/supervisor/state-layout.js';
import { readSupervisorFile } from '../../../../cli/supervisor/supervisor-file.js';
import { killProcess } from '../../../support/kill-process.js';
import { ask, backedUp, databaseRequest, restoreEnded } from '../../../support/stage-database.js';
import { eventually, openStage } from '../../../support/supervisor-stage.js';

const answers = 'SELECT array_agg(answer ORDER BY answer) AS answers FROM kept';

describe('restores', () => {
  test('a backup takes the place of what is there, on the same port, and what was there is kept', async (context) => {
    const stage = openStage(context);
    const client = await stage.start();
    const { port, dataDirectory } = await client.putPostgres(databaseRequest);
    await ask(stage.stateDirectory, port, 'CREATE TABLE kept AS SELECT 1 AS answer; CREATE INDEX ON kept (answer)');
    await backedUp(client, 'b1');
    await ask(stage.stateDirectory, port, 'INSERT INTO kept VALUES (2)');

    const begun = await client.putRestore({ id: 's1', backup: 'b1' });
    const restore = await restoreEnded(client, 's1');
    const again = await client.putRestore({ id: 's1', backup: 'b1' });

    expect(begun).toMatchObject({ id: 's1', backup: 'b1', state: 'running', problem: null });
    expect(restore).toMatchObject({ state: 'done', problem: null });
    expect(again).toEqual(restore);
    expect(restore.steps).toEqual([
      'checks the archive of b1',
      'unpacks it beside the database',
      'starts it on a port of its own and recovers it',
      expect.stringMatching(/^verified 1 tables with 1 rows, \d{3} indexes, the checksum of every page$/),
      'stops the server and puts the restored data in its place',
      'serves the restored data; what was there before is kept',
    ]);
    expect(await ask(stage.stateDirectory, port, answers)).toEqual([{ answers: [1] }]);
    expect(await ask(stage.stateDirectory, port, 'SELECT extname::text FROM pg_extension')).toEqual([
      { extname: 'plpgsql' },
    ]);
    expect((await client.status()).postgres).toMatchObject({ state: 'running', port, dataDirectory });

    const [previous, ...others] = await client.previousDatabases();
    expect(others).toEqual([]);
    expect(previous).toMatchObject({ id: 's1', backup: 'b1', directory: join(dirname(dataDirectory), 'previous-s1') });
    expect(previous?.bytes).toBeGreaterThan(20_000_000);
    expect(await client.deletePreviousDatabase('s1')).toBe(true);
    expect(await client.deletePreviousDatabase('s1')).toBe(false);
    expect(readdirSync(dirname(dataDirectory))).toEqual(['data']);
  });

  test('passwords that were changed since the backup hold after it', async (context) => {
    const stage = openStage(context);
    const first = await stage.start();
    await first.putPostgres(databaseRequest);
    await backedUp(first, 'b1');
    await first.shutdown();
    const store = readSecretStore(stage.stateDirectory);
    const generated = { 'postgres.password': 'changed', 'postgres.adminPassword': 'changed-too' };
    writeSecretStore(stage.stateDirectory, { ...store, generated: { ...store.generated, ...generated } });

    const second = await stage.start();
    const { postgres } = await second.status();
    await second.putRestore({ id: 's1', backup: 'b1' });

    expect(await restoreEnded(second, 's1')).toMatchObject({ state: 'done' });
    expect(await ask(stage.stateDirectory, postgres?.port ?? 0, 'SELECT 1 AS one')).toEqual([{ one: 1 }]);
  });

  test('a damaged backup is not restored, and what serves goes on', async (context) => {
    const stage = openStage(context);
    const client = await stage.start();
    const { port, dataDirectory } = await client.putPostgres(databaseRequest);
    await backedUp(client, 'b1');
    const archive = join(stateLayout(stage.stateDirectory).backupsDirectory, 'b1', 'base.tar.gz');
    writeFileSync(archive, readFileSync(archive).subarray(0, -10));
    await ask(stage.stateDirectory, port, 'CREATE TABLE kept AS SELECT 3 AS answer');

    await client.putRestore({ id: 's1', backup: 'b1' });
    const restore = await restoreEnded(client, 's1');

    expect(restore).toMatchObject({
      state: 'failed',
      problem: { code: 'StateUnreadable', message: expect.stringContaining('is damaged: it has sha256') },
    });
    expect(await ask(stage.stateDirectory, port, answers)).toEqual([{ answers: [3] }]);
    expect((await client.status()).postgres?.restarts).toBe(0);
    expect(await client.previousDatabases()).toEqual([]);
    expect(readdirSync(dirname(dataDirectory))).toEqual(['data']);
  });

  test('a backup without the database that is asked for is not restored', async (context) => {
    const stage = openStage(context);
    const client = await stage.start();
    const { dataDirectory } = await client.putPostgres(databaseRequest);
    await backedUp(client, 'b1');
    await client.putPostgres({ ...databaseRequest, database: 'other' });

    await client.putRestore({ id: 's1', backup: 'b1' });

    expect(await restoreEnded(client, 's1')).toMatchObject({
      state: 'failed',
      problem: { code: 'Refused', message: 'the backup holds no database "other"' },
    });
    expect(readdirSync(dirname(dataDirectory))).toEqual(['data']);
  });

  test('a backup that is not there cannot be restored', async (context) => {
    const client = await openStage(context).start();
    await client.putPostgres(databaseRequest);

    const putting = client.putRestore({ id: 's1', backup: 'b9' });

    await expect(putting).rejects.toMatchObject({ code: 'NotDeployed', message: 'there is no backup b9' });
  });

  test('data that cannot be started any more is replaced by a backup', async (context) => {
    const stage = openStage(context);
    const first = await stage.start();
    const { port, dataDirectory } = await first.putPostgres(databaseRequest);
    await ask(stage.stateDirectory, port, 'CREATE TABLE kept AS SELECT 1 AS answer');
    await backedUp(first, 'b1');
    await first.shutdown();
    rmSync(join(dataDirectory, 'global', 'pg_control'));

    const second = await stage.start();
    const broken = (await second.status()).postgres?.state;
    await second.putRestore({ id: 's1', backup: 'b1' });

    expect(broken).not.toBe('running');
    expect(await restoreEnded(second, 's1')).toMatchObject({ state: 'done' });
    expect(await ask(stage.stateDirectory, port, answers)).toEqual([{ answers: [1] }]);
  });

  test('restored data that does not start gives way to what was there before', async (context) => {
    const stage = openStage(context);
    const first = await stage.start();
    const { port, dataDirectory } = await first.putPostgres(databaseRequest);
    await ask(stage.stateDirectory, port, 'CREATE TABLE kept AS SELECT 1 AS answer');
    await backedUp(first, 'b1');
    await first.putRestore({ id: 's1', backup: 'b1' });
    await restoreEnded(first, 's1');
    await first.shutdown();
    // As a supervisor leaves it that is killed after it has put the data in place.
    const parent = dirname(dataDirectory);
    renameSync(join(parent, 'previous-s1.json'), join(parent, 'swap.json'));
    rmSync(join(dataDirectory, 'global', 'pg_control'));

    const second = await stage.start();

    expect((await second.status()).postgres?.state).toBe('running');
    expect(await ask(stage.stateDirectory, port, answers)).toEqual([{ answers: [1] }]);
    expect(readdirSync(parent)).toEqual(['data']);
  });
});

test.each([
  'unpacks it beside the database',
  'starts it on a port of its own and recovers it',
  'stops the server and puts the restored data in its place',
])('a supervisor that is killed when it "%s" leaves the old data or the new, never half', async (step) => {
  const cleanUps: (() => Promise<void>)[] = [];
  const stage = openStage({ onTestFinished: (cleanUp) => cleanUps.push(cleanUp) });
  try {
    const client = await stage.launch();
    const { port, dataDirectory } = await client.putPostgres(databaseRequest);
    await ask(stage.stateDirectory, port, 'CREATE TABLE kept AS SELECT 1 AS answer');
    await backedUp(client, 'b1');
    await ask(stage.stateDirectory, port, 'INSERT INTO kept VALUES (2)');
    await client.putRestore({ id: 's1', backup: 'b1' });
    await eventually(async () => (await client.restore('s1'))?.steps.includes(step));

    killProcess(readSupervisorFile(stateLayout(stage.stateDirectory))?.pid);
    const next = await stage.launch();
    await eventually(async () => (await next.status()).postgres?.state === 'running');
    const restore = await restoreEnded(next, 's1');

    const isNew = restore.state === 'done';
    expect(await ask(stage.stateDirectory, port, answers)).toEqual([{ answers: isNew ? [1] : [1, 2] }]);
    expect((await next.previousDatabases()).length).toBe(isNew ? 1 : 0);
    await eventually(
      () => !readdirSync(dirname(dataDirectory)).some((name) => /^(restored|discarded|swap)/.test(name)),
    );
    expect(existsSync(dataDirectory)).toBe(true);
  } finally {
    for (const cleanUp of cleanUps) await cleanUp();
  }
});
