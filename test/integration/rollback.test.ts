import { readdirSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { story } from '../support/local-project.js';
import { askJson, startTraffic } from '../support/local-traffic.js';

interface Who {
  readonly version: string;
  readonly release: string;
}

describe.concurrent('a rollback', () => {
  const told = story(async (open) => {
    const project = await open({
      config: { replicas: 2, postgres: true, migration: true },
      variant: { version: 'v1' },
    });
    const url = await project.deployed();
    const tooEarly = await project.agentctl(['rollback', '--yes']);
    await project.become({ version: 'v2' });
    await project.deployed();
    await project.become({ version: 'v3', mode: 'crash' });
    const broken = await project.agentctl(['deploy', '--yes']);
    await project.become({ version: 'v4' });
    await project.deployed();

    const unanswered = await project.agentctl(['rollback']);
    const traffic = startTraffic(url, { clients: 20, pauseMilliseconds: 50 });
    const first = await project.agentctl(['rollback', '--yes', '--json']);
    const report = await traffic.stop();
    const afterFirst = await askJson<Who>(`${url}/who`);
    const again = await project.agentctl(['rollback', 'r2', '--yes']);
    const refused = [
      await project.agentctl(['rollback', 'r3', '--yes']),
      await project.agentctl(['rollback', 'r9', '--yes']),
    ];

    // Everything but what agentctl keeps is gone.
    for (const name of readdirSync(project.directory)) {
      if (name !== '.agentctl') await rm(join(project.directory, name), { recursive: true });
    }
    const second = await project.agentctl(['rollback', '--yes']);
    const afterSecond = await askJson<Who>(`${url}/who`);
    const [releases, releasesJson, status] = await Promise.all([
      project.agentctl(['releases']),
      project.agentctl(['releases', '--json']),
      project.agentctl(['status']),
    ]);
    const ledger = project.ledger();
    const replicas = project.agentProcesses().length;
    const destroy = await project.agentctl(['destroy', '--yes']);
    return {
      tooEarly,
      broken,
      unanswered,
      first,
      report,
      afterFirst,
      again,
      refused,
      second,
      afterSecond,
      releases,
      releasesJson,
      status,
      ledger,
      replicas,
      destroy,
    };
  });

  test('has to have somewhere to go', () => {
    expect(told().tooEarly).toMatchObject({ exitCode: 4 });
    expect(told().tooEarly.stderr).toContain('there is no release before r1');
  });

  test('asks, and takes no answer for a no', () => {
    expect(told().unanswered).toMatchObject({ exitCode: 2 });
    expect(told().unanswered.stderr).toContain('--yes');
  });

  test('runs the release before again, as a release of its own', () => {
    expect(told().broken).toMatchObject({ exitCode: 9 });
    expect(told().first).toMatchObject({ exitCode: 0 });
    expect(told().afterFirst).toMatchObject({ version: 'v2', release: 'r5' });
  });

  test('fails no request', () => {
    const { requests, failures, releases } = told().report;
    console.log(`${requests} requests of 20 clients during the rollback, ${failures.length} failed`);

    expect(failures).toEqual([]);
    expect(releases).toEqual(['r4', 'r5']);
  });

  test('to what serves already changes nothing', () => {
    expect(told().again).toMatchObject({ exitCode: 0 });
    expect(told().again.stderr).toContain('nothing to do: e2e-agent r5 serves that already');
  });

  test('never goes to a release that did not come up, or that is none', () => {
    const [toBroken, toUnknown] = told().refused;

    expect(toBroken).toMatchObject({ exitCode: 4 });
    expect(toBroken?.stderr).toContain('release r3 never came up: it is recorded as rolled-back');
    expect(toUnknown).toMatchObject({ exitCode: 2 });
    expect(toUnknown?.stderr).toContain('choose one of: r1, r2, r4');
  });

  test('repeated goes one further back, without the source and without the config file', () => {
    expect(told().second).toMatchObject({ exitCode: 0 });
    expect(told().afterSecond).toMatchObject({ version: 'v1', release: 'r6' });
    expect(told().replicas).toBe(2);
  });

  test('is in the ledger, with what it went back to', () => {
    expect(told().ledger.map(({ id, action, origin, outcome }) => [id, action, origin, outcome])).toEqual([
      ['r1', 'deploy', 'r1', 'released'],
      ['r2', 'deploy', 'r2', 'released'],
      ['r3', 'deploy', 'r3', 'rolled-back'],
      ['r4', 'deploy', 'r4', 'released'],
      ['r5', 'rollback', 'r2', 'released'],
      ['r6', 'rollback', 'r1', 'released'],
    ]);
  });

  test('shows in the list of releases, within 80 columns', () => {
    const { stdout } = told().releases;
    const lines = stdout.trimEnd().split('\n');

    expect(lines[1]).toMatch(/^r6 .* serving \(= r1\)$/);
    expect(lines).toHaveLength(7);
    expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(80);
    expect(JSON.parse(told().releasesJson.stdout.trim().split('\n').at(-1) ?? '')).toMatchObject({
      releases: [{ id: 'r6', origin: 'r1', serving: true }, { id: 'r5' }, {}, {}, {}, {}],
    });
  });

  test('leaves a stage that can be looked at and destroyed without a config file', () => {
    expect(told().status).toMatchObject({ exitCode: 0 });
    expect(told().status.stdout).toContain('e2e-agent on local, stage local: running');
    expect(told().destroy).toMatchObject({ exitCode: 0 });
  });
});
