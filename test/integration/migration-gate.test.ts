import { existsSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { isRunning } from '../support/local-processes.js';
import { type LocalProject, story } from '../support/local-project.js';
import { askJson, startTraffic } from '../support/local-traffic.js';
import { jsonLines } from '../support/local-cli.js';
import { schemaVersions } from '../support/schema-versions.js';

/** A search path that begins with a `docker` whose daemon is down; it creates the file `asked` when it is run. */
async function engineWithoutDaemon({ home }: LocalProject): Promise<{ path: string; asked: string }> {
  const directory = join(home, 'bin');
  const asked = join(home, 'engine.asked');
  await mkdir(directory);
  await writeFile(join(directory, 'docker'), `#!/bin/sh\n: > '${asked}'\nexit 1\n`, { mode: 0o755 });
  return { path: `${directory}:${process.env['PATH']}`, asked };
}

describe.concurrent('a migration that fails', () => {
  const told = story(async (open) => {
    const project = await open({ config: { postgres: true, migration: true }, variant: { version: 'v1' } });
    const url = await project.deployed();
    const before = { running: project.agentProcesses(), schema: await schemaVersions(project) };

    await project.become({ version: 'v2', migration: { version: 2, mode: 'fail' } });
    await project.hold('migration');
    const traffic = startTraffic(url);
    const run = project.start(['deploy', '--yes', '--json']);
    // Its lines come when they are printed: it waits after this one until it is let go.
    await run.printed('migration 2: begins');
    await project.letGo('migration');
    const deploy = await run.ended;
    const report = await traffic.stop();
    const after = {
      running: project.agentProcesses(),
      schema: await schemaVersions(project),
      ledger: project.ledger(),
    };

    await project.become({ version: 'v3', migration: { version: 2 } });
    const next = await project.agentctl(['deploy', '--yes']);
    const last = { schema: await schemaVersions(project), who: await askJson<{ version: string }>(`${url}/who`) };
    return { before, deploy, report, after, next, last };
  });

  test('exits 8', () => {
    expect(told().deploy).toMatchObject({ exitCode: 8 });
  });

  test('says with which code, and what serves now', () => {
    const result = jsonLines(told().deploy.stdout).at(-1);

    expect(result).toMatchObject({
      type: 'result',
      error: {
        code: 'MigrationFailed',
        message: 'migration "migrate" exited with code 3; r1 still serves',
        detail: expect.stringContaining('migration 2: relation "nowhere" does not exist') as string,
      },
    });
  });

  test('is followed while it runs: its lines come when they are printed', () => {
    const lines = jsonLines(told().deploy.stdout).map(({ line }) => String(line));
    const at = (text: string) => lines.findIndex((line) => line.includes(text));

    expect(at('migration 2: begins')).toBeGreaterThan(-1);
    expect(at('relation "nowhere"')).toBeGreaterThan(at('migration 2: begins'));
  });

  test('keeps the rollout from starting', () => {
    const steps = jsonLines(told().deploy.stdout).filter(({ type }) => type === 'step');

    expect(steps.filter(({ step }) => step === 'start' || step === 'switch')).toEqual([]);
    expect(told().after.running).toEqual(told().before.running);
    expect(told().after.ledger).toMatchObject([{ id: 'r1' }]);
  });

  test('leaves the schema as it was', () => {
    expect(told().before.schema).toEqual([1]);
    expect(told().after.schema).toEqual([1]);
  });

  test('fails no request', () => {
    expect(told().report).toMatchObject({ failures: [], releases: ['r1'] });
  });

  test('does not stand in the way of the next deploy', () => {
    expect(told().next).toMatchObject({ exitCode: 0 });
    expect(told().last).toMatchObject({ schema: [1, 2], who: { version: 'v3' } });
  });
});

describe.concurrent('a migration that takes longer than its timeout', () => {
  const told = story(async (open) => {
    const project = await open({ config: { migration: '5s' } });
    await project.hold('migration');
    const deploy = await project.agentctl(['deploy', '--yes']);
    return { deploy, running: project.agentProcesses() };
  });

  test('exits 8 and says so', () => {
    expect(told().deploy).toMatchObject({ exitCode: 8 });
    expect(told().deploy.stderr).toContain(
      'error migration "migrate" did not end within 5 s and was stopped; nothing serves [MigrationFailed]',
    );
  });

  test('shows what it printed', () => {
    expect(told().deploy.stderr).toContain('  | migration 1: begins');
  });

  test('is stopped', () => {
    expect(told().running).toEqual([]);
  });
});

describe.concurrent('a build that fails', () => {
  const told = story(async (open) => {
    const project = await open({ config: { build: true }, variant: { version: 'v1' } });
    const url = await project.deployed();
    const before = project.agentProcesses().map(({ pid }) => pid);
    await project.become({ version: 'v2', build: 'fail' });
    const deploy = await project.agentctl(['deploy', '--yes']);
    const after = { running: project.agentProcesses().map(({ pid }) => pid), ledger: project.ledger() };
    const again = await project.agentctl(['deploy', '--yes']);
    await project.become({ version: 'v3' });
    const engine = await engineWithoutDaemon(project);
    const next = await project.agentctl(['deploy', '--yes'], { environment: { PATH: engine.path } });
    const who = await askJson<{ version: string }>(`${url}/who`);
    const isOldGone = !before.some(isRunning);
    return { before, deploy, after, again, next, who, isOldGone, isEngineAsked: existsSync(engine.asked) };
  });

  test('exits 7', () => {
    expect(told().deploy).toMatchObject({ exitCode: 7, stdout: '' });
  });

  test('shows its last lines and names the command', () => {
    const { stderr } = told().deploy;

    expect(stderr).toContain('build: no such package: langgraff');
    expect(stderr).toMatch(/^error the build failed: "node build\.mjs" .*\b4; r1 still serves \[BuildFailed\]$/m);
  });

  test('deploys nothing', () => {
    expect(told().after).toMatchObject({ running: told().before, ledger: [{ id: 'r1' }] });
  });

  test('is built again by the next deploy, not taken as done', () => {
    expect(told().again).toMatchObject({ exitCode: 7 });
  });

  test('does not stand in the way of the next deploy', () => {
    expect(told().next).toMatchObject({ exitCode: 0 });
    expect(told().who).toMatchObject({ version: 'v3' });
    expect(told().isOldGone).toBe(true);
  });

  test('asks no container engine to remove what it left', () => {
    expect(told().isEngineAsked).toBe(false);
  });
});
