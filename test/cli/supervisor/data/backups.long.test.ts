import { existsSync, mkdirSync, readFileSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { stateLayout } from '../../../../cli/supervisor/state-layout.js';
import { readSupervisorFile } from '../../../../cli/supervisor/supervisor-file.js';
import { killProcess } from '../../../support/kill-process.js';
import { ask, backedUp, backupEnded, databaseRequest } from '../../../support/stage-database.js';
import { eventually, openStage } from '../../../support/supervisor-stage.js';

describe('backups', () => {
  test('a backup is taken once, is listed, and can be deleted', async (context) => {
    const stage = openStage(context);
    const client = await stage.start();
    const { port, version } = await client.putPostgres(databaseRequest);
    await ask(stage.stateDirectory, port, 'CREATE TABLE alembic_version AS SELECT $$ab12$$::text AS version_num');
    const directory = join(stateLayout(stage.stateDirectory).backupsDirectory, 'b1');

    const backup = await backedUp(client, 'b1');
    const again = await client.putBackup({ id: 'b1', reason: 'scheduled' });

    expect(backup).toMatchObject({
      version: 1,
      id: 'b1',
      reason: 'manual',
      postgresVersion: version,
      database: 'app',
      revision: 'alembic:ab12',
      bytes: statSync(join(directory, 'base.tar.gz')).size,
    });
    expect(again).toEqual({ state: 'done', id: 'b1', reason: 'manual', backup });
    expect(await client.backups()).toEqual([backup]);
    expect((await client.status()).backups).toEqual({ last: backup, next: null, running: null, history: [] });
    expect(JSON.parse(readFileSync(join(directory, 'backup.json'), 'utf8'))).toEqual(backup);
    expect(statSync(directory).mode & 0o777).toBe(0o700);
    expect(readdirSync(directory).map((name) => statSync(join(directory, name)).mode & 0o777)).toEqual([0o600, 0o600]);

    expect(await client.deleteBackup('b1')).toBe(true);
    expect(await client.deleteBackup('b1')).toBe(false);
    expect(await client.backups()).toEqual([]);
    expect(existsSync(directory)).toBe(false);
  });

  test('without a database there is nothing to back up', async (context) => {
    const client = await openStage(context).start();

    await expect(client.putBackup({ id: 'b1', reason: 'manual' })).rejects.toMatchObject({ code: 'NotDeployed' });
    expect(await client.backup('b1')).toBeUndefined();
    expect(await client.schemaRevision()).toBeNull();
  });

  test('the schema revision is that of the database now', async (context) => {
    const stage = openStage(context);
    const client = await stage.start();
    const { port } = await client.putPostgres(databaseRequest);
    const before = await client.schemaRevision();

    await ask(stage.stateDirectory, port, 'CREATE TABLE note (id int)');

    expect(before).toMatch(/^schema:/);
    expect(await client.schemaRevision()).not.toBe(before);
  });

  test('a database that dies during a backup fails it, and nothing half is left', async (context) => {
    const stage = openStage(context);
    const client = await stage.start();
    const { port, dataDirectory } = await client.putPostgres(databaseRequest);
    await ask(stage.stateDirectory, port, largeTable);

    await client.putBackup({ id: 'b1', reason: 'manual' });
    await eventually(async () => {
      const status = await client.backup('b1');
      return status?.state === 'running' && status.copiedBytes > 1_000_000;
    });
    killProcess(Number(readFileSync(`${dataDirectory}/postmaster.pid`, 'utf8').split('\n')[0]));
    const failed = await backupEnded(client, 'b1');

    expect(failed).toMatchObject({
      state: 'failed',
      problem: { code: 'ToolFailed', message: expect.stringContaining('the backup failed: ') },
    });
    expect(readdirSync(stateLayout(stage.stateDirectory).backupsDirectory)).toEqual([]);
    await eventually(async () => (await client.status()).postgres?.state === 'running');
    expect(await ask(stage.stateDirectory, port, 'SELECT count(*)::int AS rows FROM large')).toEqual([
      { rows: 100_000 },
    ]);
    expect(await backedUp(client, 'b1')).toMatchObject({ id: 'b1' });
  });

  test('a supervisor that is killed during a backup leaves nothing half, and says so in its next life', async (context) => {
    const stage = openStage(context);
    const client = await stage.launch();
    const { port } = await client.putPostgres(databaseRequest);
    await ask(stage.stateDirectory, port, largeTable);
    const layout = stateLayout(stage.stateDirectory);
    await client.putBackup({ id: 'b1', reason: 'manual' });
    await eventually(() => existsSync(join(layout.backupsDirectory, 'b1', 'base.tar.gz')));

    killProcess(readSupervisorFile(layout)?.pid);
    const next = await stage.launch();

    expect(await next.backup('b1')).toMatchObject({
      state: 'failed',
      problem: { code: 'TargetUnavailable', message: 'the local supervisor ended while the backup was taken' },
    });
    expect(await next.backups()).toEqual([]);
    expect(readdirSync(layout.backupsDirectory)).toEqual([]);
  });

  test('what a backup of an earlier life left is removed, finished backups are not', async (context) => {
    const stage = openStage(context);
    const first = await stage.start();
    await first.putPostgres(databaseRequest);
    const backup = await backedUp(first, 'b1');
    await first.shutdown();
    const { backupsDirectory } = stateLayout(stage.stateDirectory);
    mkdirSync(join(backupsDirectory, 'b2'));
    writeFileSync(join(backupsDirectory, 'b2', 'base.tar.gz'), 'half');

    const second = await stage.start();

    expect(await second.backups()).toEqual([backup]);
    expect(readdirSync(backupsDirectory)).toEqual(['b1']);
  });

  test('a backup that is deleted while it is taken is stopped', async (context) => {
    const stage = openStage(context);
    const client = await stage.start();
    const { port } = await client.putPostgres(databaseRequest);
    await ask(stage.stateDirectory, port, largeTable);

    await client.putBackup({ id: 'b1', reason: 'manual' });

    expect(await client.deleteBackup('b1')).toBe(true);
    expect(await client.backup('b1')).toBeUndefined();
    expect((await client.status()).backups.running).toBeNull();
  });
});

describe('scheduled backups', () => {
  test('are taken by the clock and removed when they have had their time, others are not', async (context) => {
    const stage = openStage(context);
    const client = await stage.start();
    await client.putPostgres(databaseRequest);
    await backedUp(client, 'b1');

    await client.putPostgres({ ...databaseRequest, dumps: { cron: '* * * * * *', retentionSeconds: 0.001 } });
    const { backups } = await client.status();
    const taken = new Set<string>();
    await eventually(async () => {
      for (const { id, reason } of await client.backups()) if (reason === 'scheduled') taken.add(id);
      return taken.size >= 3;
    }, 60);
    await client.putPostgres(databaseRequest);
    await eventually(async () => (await client.status()).backups.running === null);

    expect(Date.parse(backups.next ?? '')).toBeGreaterThan(Date.now() - 120_000);
    const left = await eventually(async () => {
      const list = await client.backups();
      return list.length === 2 ? list : undefined;
    });
    expect(left.map(({ reason }) => reason)).toEqual(['scheduled', 'manual']);
    const status = await client.status();
    expect(status.backups.next).toBeNull();
    expect(status.backups.last).toEqual(left[0]);
    expect(status.backups.history).toEqual([{ state: 'done', id: left[0]?.id, reason: 'scheduled', backup: left[0] }]);
  });

  test('go on in the next life of the supervisor', async (context) => {
    const stage = openStage(context);
    const first = await stage.start();
    await first.putPostgres({ ...databaseRequest, dumps: { cron: '0 4 * * *', retentionSeconds: 86_400 } });
    await first.shutdown();

    const second = await stage.start();

    expect((await second.status()).backups.next).toMatch(/T04:00:00.000Z$/);
  });

  test('a cron expression that cannot be read is refused before anything is done', async (context) => {
    const client = await openStage(context).start();

    const putting = client.putPostgres({ ...databaseRequest, dumps: { cron: 'daily', retentionSeconds: 1 } });

    await expect(putting).rejects.toMatchObject({
      code: 'SpecInvalid',
      message: expect.stringContaining('the backups have the cron expression "daily"'),
    });
    expect((await client.status()).postgres).toBeNull();
  });
});

const largeTable = `CREATE TABLE large AS SELECT i AS id, md5(i::text) || repeat(md5((i * 7)::text), 20) AS body FROM generate_series(1, 100000) i`;
