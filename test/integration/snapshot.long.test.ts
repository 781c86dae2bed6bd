import { describe, expect, test } from 'vitest';
import { connectSupervisor } from '../../cli/supervisor/launch.js';
import { story } from '../support/local-project.js';

describe.concurrent('a migration that asks for a snapshot', () => {
  const told = story(async (open) => {
    const config = { postgres: true, migration: true, snapshot: true, dumps: '0 4 * * *' } as const;
    const project = await open({ config, variant: { version: 'v1' } });
    const supervisor = async () => {
      const client = await connectSupervisor(project.stateDirectory);
      if (client === undefined) throw new Error('no supervisor runs');
      return client;
    };
    await project.deployed();
    const first = { backups: await (await supervisor()).backups(), status: await (await supervisor()).status() };
    const before = await (await supervisor()).schemaRevision();

    await project.become({ version: 'v2', migration: { version: 2, mode: 'fail' } });
    const failed = await project.agentctl(['deploy', '--yes']);
    return { first, before, failed, second: await (await supervisor()).backups() };
  });

  test('has none before the database exists', () => {
    expect(told().first.backups).toEqual([]);
  });

  test('has one of the data and the schema from before it, which is there when it fails', () => {
    expect(told().failed.exitCode).toBe(8);
    expect(told().second).toMatchObject([{ reason: 'before-migration', revision: told().before }]);
  });

  test('and a schedule of backups is followed from the first deploy on', () => {
    expect(told().first.status.backups.next).toMatch(/T04:00:00\.000Z$/);
  });
});
