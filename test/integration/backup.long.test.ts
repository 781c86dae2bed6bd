import { describe, expect, test } from 'vitest';
import { story } from '../support/local-project.js';
import { ask, askJson, startTraffic } from '../support/local-traffic.js';

describe.concurrent('a backup', () => {
  const told = story(async (open) => {
    const project = await open({ config: { postgres: true, migration: true, replicas: 2 } });
    const early = await project.agentctl(['backup', 'restore', 'latest', '--yes']);
    const url = await project.deployed();
    const notes = () => askJson<readonly string[]>(`${url}/notes`);
    await ask(`${url}/notes?add=before`);

    const traffic = startTraffic(url, { clients: 5, pauseMilliseconds: 20 });
    const create = await project.agentctl(['backup', 'create']);
    const report = await traffic.stop();
    const id = create.stdout.trim();
    await ask(`${url}/notes?add=after`);
    const list = await project.agentctl(['backup', 'list']);
    const status = await project.agentctl(['status']);

    const dropped = await project.agentctl([
      'run',
      '--',
      'node',
      '-e',
      `import(process.env.PG_MODULE).then(async ({ default: pg }) => {
        const client = new pg.Client({ connectionString: process.env.DATABASE_URL });
        await client.connect();
        await client.query('DROP TABLE notes');
        await client.end();
      })`,
    ]);
    const gone = await ask(`${url}/notes`);
    const unknown = await project.agentctl(['backup', 'restore', 'b1', '--yes']);
    const unanswered = await project.agentctl(['backup', 'restore', id]);
    const restore = await project.agentctl(['backup', 'restore', 'latest', '--yes', '--json']);
    const restored = await notes();
    await ask(`${url}/notes?add=later`);
    const unchanged = await project.agentctl(['deploy', '--yes']);

    const kept = await project.agentctl(['backup', 'list', '--json']);
    const { replaced } = lastLine(kept.stdout);
    const forgotten = await project.agentctl(['backup', 'delete', String(replaced?.[0]?.id), '--yes']);
    const removed = await project.agentctl(['backup', 'delete', id, '--yes']);
    const empty = await project.agentctl(['backup', 'list']);
    return {
      early,
      create,
      id,
      report,
      list,
      status,
      dropped,
      gone,
      unknown,
      unanswered,
      restore,
      restored,
      afterwards: await notes(),
      unchanged,
      replaced,
      forgotten,
      removed,
      empty,
    };
  });

  test('is needed before one can be restored', () => {
    expect(told().early.exitCode).not.toBe(0);
    expect(told().early.stderr).toContain('agentctl backup create');
  });

  test('is taken while the agent serves', () => {
    expect(told().create).toMatchObject({ exitCode: 0 });
    expect(told().id).toMatch(/^b\d{8}-\d{6}-[0-9a-f]{4}$/);
    expect(told().report.failures).toEqual([]);
  });

  test('is listed, within 80 columns, and shown by status', () => {
    const lines = told().list.stdout.trimEnd().split('\n');

    expect(lines[1]).toMatch(/^b\d.* manual +\d+\.\d MB /);
    expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(80);
    expect(told().status.stdout).toMatch(/^backup {3}manual, \d+ s ago$/m);
  });

  test('brings a dropped table back, as it was', () => {
    expect(told().dropped).toMatchObject({ exitCode: 0 });
    expect(told().gone).toMatchObject({ status: 500 });
    expect(told().restore).toMatchObject({ exitCode: 0 });
    expect(told().restored).toEqual(['before']);
    expect(told().afterwards).toEqual(['before', 'later']);
  });

  test('is restored only on a yes, and only if there is such a backup', () => {
    expect(told().unanswered).toMatchObject({ exitCode: 2 });
    expect(told().unknown).toMatchObject({ exitCode: 2 });
    expect(told().unknown.stderr).toContain(`choose one of: ${told().id}`);
  });

  test('keeps what its restore replaced until that is deleted', () => {
    expect(told().replaced).toHaveLength(1);
    expect(told().replaced?.[0]).toMatchObject({ backup: told().id });
    expect(told().forgotten).toMatchObject({ exitCode: 0 });
    expect(told().removed).toMatchObject({ exitCode: 0 });
    expect(told().empty.stdout).toContain('no backup yet');
  });

  test('leaves nothing for a deploy of the same source', () => {
    expect(told().unchanged.stderr).toContain('nothing to do');
  });
});

describe.concurrent('a stage whose data is deleted', () => {
  const told = story(async (open) => {
    const project = await open({ config: { postgres: true, migration: true } });
    const url = await project.deployed();
    await ask(`${url}/notes?add=precious`);
    const stopped = await project.agentctl(['destroy', '--yes']);
    const deleted = await project.agentctl(['destroy', '--delete-data', '--yes']);
    const running = project.processes();
    const again = await project.agentctl(['destroy', '--delete-data', '--yes']);
    const list = await project.agentctl(['backup', 'list', '--json']);
    const next = await project.deployed();
    const fresh = await askJson<readonly string[]>(`${next}/notes`);
    const restore = await project.agentctl(['backup', 'restore', 'latest', '--yes']);
    return {
      stopped,
      deleted,
      running,
      again,
      backups: lastLine(list.stdout).backups,
      fresh,
      restore,
      notes: await askJson<readonly string[]>(`${next}/notes`),
    };
  });

  test('is backed up before, also when nothing runs any more', () => {
    expect(told().deleted).toMatchObject({ exitCode: 0 });
    expect(told().deleted.stdout).toMatch(/backups \(backups\)/);
    expect(told().backups).toMatchObject([{ reason: 'final' }]);
    expect(told().running).toEqual([]);
  });

  test('is gone the second time', () => {
    expect(told().again.stdout).toContain('nothing to destroy');
  });

  test('comes back from that backup in a stage that begins anew', () => {
    expect(told().fresh).toEqual([]);
    expect(told().restore).toMatchObject({ exitCode: 0 });
    expect(told().notes).toEqual(['precious']);
  });
});

interface ListResult {
  readonly backups?: readonly { readonly id: string; readonly reason: string }[];
  readonly replaced?: readonly { readonly id: string; readonly backup: string }[];
}

function lastLine(stdout: string): ListResult {
  return JSON.parse(stdout.trim().split('\n').at(-1) ?? '{}') as ListResult;
}
