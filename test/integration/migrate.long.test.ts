import { describe, expect, test } from 'vitest';
import { jsonLines } from '../support/local-cli.js';
import { eventually, story } from '../support/local-project.js';
import { askJson } from '../support/local-traffic.js';
import { schemaVersions } from '../support/schema-versions.js';

const migrated = { postgres: true, migration: true } as const;

describe.concurrent('migrate', () => {
  const told = story(async (open) => {
    const project = await open({ config: migrated, variant: { version: 'v1' } });
    const unanswered = await project.agentctl(['migrate']);
    const first = await project.agentctl(['migrate', '--yes']);
    const afterFirst = {
      schema: await schemaVersions(project),
      ledger: project.ledger(),
      agent: project.agentProcesses(),
    };
    const url = await project.deployed();
    const before = project.agentProcesses();

    await project.become({ version: 'v2', migration: { version: 2 } });
    const second = await project.agentctl(['migrate', '--yes', '--json']);
    const again = await project.agentctl(['migrate', '--yes']);
    const afterSecond = {
      schema: await schemaVersions(project),
      who: await askJson<{ version: string }>(`${url}/who`),
      ledger: project.ledger(),
      agent: project.agentProcesses(),
    };

    await project.become({ version: 'v3', migration: { version: 3, mode: 'fail' } });
    const failed = await project.agentctl(['migrate', '--yes']);
    await project.become({ version: 'v3', migration: { version: 3 } });
    await project.hold('migration');
    const holding = project.start(['migrate', '--yes']);
    await holding.said('migration 3: begins');
    const locked = await project.agentctl(['deploy', '--yes']);
    holding.signal('SIGINT');
    const interrupted = await holding.ended;
    await project.letGo('migration');
    const schemaAfterInterrupt = await schemaVersions(project);
    const resumed = await project.agentctl(['resume']);
    const afterResume = {
      schema: await schemaVersions(project),
      who: await askJson<{ version: string }>(`${url}/who`),
    };
    const deployed = await project.agentctl(['deploy', '--yes']);
    await project.configure({});
    const none = await project.agentctl(['migrate', '--yes']);
    return {
      unanswered,
      first,
      afterFirst,
      before,
      second,
      again,
      afterSecond,
      failed,
      locked,
      interrupted,
      schemaAfterInterrupt,
      resumed,
      afterResume,
      deployed,
      last: await askJson<{ version: string; release: string }>(`${url}/who`),
      none,
    };
  });

  test('asks first', () => {
    expect(told().unanswered).toMatchObject({ exitCode: 2, stdout: '' });
    expect(told().unanswered.stderr).toContain('fix: pass --yes');
  });

  test('shows what it will do', () => {
    expect(told().first.stderr).toContain(
      [
        'Plan: migrate e2e-agent on local (stage local)',
        '   1. build the agent',
        '   2. start PostgreSQL with database e2e',
        '   3. run migration "migrate"',
      ].join('\n'),
    );
  });

  test('works before anything was deployed, and deploys nothing', () => {
    expect(told().first).toMatchObject({ exitCode: 0, stdout: '' });
    expect(told().first.stderr).toContain('✓ migrated; nothing serves');
    expect(told().afterFirst).toEqual({ schema: [1], ledger: [], agent: [] });
  });

  test('migrates beside what serves, which serves on', () => {
    const { second, afterSecond, before } = told();

    expect(second).toMatchObject({ exitCode: 0, stderr: '' });
    expect(jsonLines(second.stdout).at(-1)).toMatchObject({
      type: 'result',
      ok: true,
      action: 'migrate',
      migrations: ['migrate'],
      release: 'r1',
    });
    expect(afterSecond).toMatchObject({ schema: [1, 2], who: { version: 'v1' }, ledger: [{ id: 'r1' }] });
    expect(afterSecond.agent).toEqual(before);
  });

  test('a second time is harmless', () => {
    expect(told().again).toMatchObject({ exitCode: 0 });
    expect(told().again.stderr).toContain('✓ migrated; r1 still serves');
  });

  test('that fails: exit 8, and what serves', () => {
    const { failed } = told();

    expect(failed).toMatchObject({ exitCode: 8, stdout: '' });
    expect(failed.stderr).toContain('error migration "migrate" exited with code 3; r1 still serves [MigrationFailed]');
    expect(failed.stderr).toContain('migration 3: relation "nowhere" does not exist');
  });

  test('holds the lock of the stage', () => {
    expect(told().locked).toMatchObject({ exitCode: 6 });
    expect(told().locked.stderr).toContain('agentctl migrate');
  });

  test('that is interrupted leaves the schema as it was, and says how to go on', () => {
    const { interrupted, schemaAfterInterrupt } = told();

    expect(interrupted).toMatchObject({ exitCode: 130 });
    expect(interrupted.stderr).toMatch(/go on with: agentctl resume \S+ --cloud local/);
    expect(schemaAfterInterrupt).toEqual([1, 2]);
  });

  test('is gone on with by resume', () => {
    expect(told().resumed).toMatchObject({ exitCode: 0 });
    expect(told().resumed.stderr).toContain('✓ migrated; r1 still serves');
    expect(told().resumed.stderr).toMatch(/^\d steps? (was|were) done before\n→ run migration "migrate"\n/);
    expect(told().afterResume).toMatchObject({ schema: [1, 2, 3], who: { version: 'v1' } });
  });

  test('is no deploy: that still has everything to do', () => {
    expect(told().deployed).toMatchObject({ exitCode: 0 });
    expect(told().last).toMatchObject({ version: 'v3', release: 'r2' });
  });

  test('without migrations in the config file there is nothing to do', () => {
    expect(told().none).toMatchObject({ exitCode: 0 });
    expect(told().none.stderr).toContain('the config file has no migrations');
  });
});

describe.concurrent('a migrate that is killed', () => {
  const told = story(async (open) => {
    const project = await open({ config: migrated, variant: { version: 'v1' } });
    await project.hold('migration');
    const run = project.start(['migrate', '--yes']);
    await run.said('migration 1: begins');
    run.signal('SIGKILL');
    await run.ended;
    const goesOn = await eventually(() => project.agentProcesses().length === 1).catch(() => false);
    await project.letGo('migration');
    const resumed = await project.agentctl(['resume']);
    return { goesOn, resumed, schema: await schemaVersions(project), running: project.agentProcesses() };
  });

  test('is finished by the supervisor, and found by resume', () => {
    expect(told().goesOn).toBe(true);
    expect(told().resumed).toMatchObject({ exitCode: 0 });
    expect(told().schema).toEqual([1]);
    expect(told().running).toEqual([]);
  });
});
