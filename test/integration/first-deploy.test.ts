import { describe, expect, test } from 'vitest';
import { jsonLines, lastLine } from '../support/local-cli.js';
import { story } from '../support/local-project.js';
import { ask } from '../support/local-traffic.js';

describe('a first deploy', () => {
  const told = story(async (open) => {
    const project = await open({ config: { postgres: true, migration: true, replicas: 2 } });
    const first = await project.agentctl(['deploy', '--yes']);
    const url = lastLine(first.stdout);
    const health = await ask(`${url}/health`);
    const [status, statusJson] = await Promise.all([
      project.agentctl(['status']),
      project.agentctl(['status', '--json']),
    ]);
    const before = { processes: project.processes(), ledger: project.ledger() };
    const second = await project.agentctl(['deploy', '--yes']);
    const after = { processes: project.processes(), ledger: project.ledger() };
    return { first, url, health, status, statusJson, before, second, after };
  });

  test('exits 0', () => {
    expect(told().first).toMatchObject({ exitCode: 0 });
  });

  test('prints nothing but the URL on stdout', () => {
    expect(told().first.stdout).toMatch(/^http:\/\/127\.0\.0\.1:\d+\n$/);
  });

  test('answers on that URL, and says which release does', () => {
    expect(told().health).toMatchObject({ status: 200, body: 'health', release: 'r1' });
  });

  test('ran the migration before it started the service', () => {
    const { stderr } = told().first;
    const places = ['migration 1: begins', 'migration 1: done', '→ start api', '→ switch'].map((text) =>
      stderr.indexOf(text),
    );

    expect(places).not.toContain(-1);
    expect(places).toEqual(places.toSorted((a, b) => a - b));
  });

  test('is shown by status', () => {
    const { status, url } = told();

    expect(status.exitCode).toBe(0);
    expect(status.stdout).toContain('e2e-agent on local, stage local: running');
    expect(status.stdout).toContain(`url      ${url}`);
    expect(status.stdout).toMatch(/^release {2}r1, \d+ s ago by /m);
    expect(status.stdout).toMatch(/^api +2\/2 +0 +sha256:/m);
    expect(status.stdout).toMatch(/^postgres +running +PostgreSQL 17/m);
  });

  test('is shown by status --json', () => {
    const { statusJson, url } = told();

    const [line, ...more] = jsonLines(statusJson.stdout);

    expect(more).toEqual([]);
    expect(line).toMatchObject({
      v: 1,
      type: 'result',
      ok: true,
      status: {
        state: 'running',
        url,
        release: 'r1',
        services: [{ name: 'api', ready: 2, desired: 2, restarts: 0 }],
        backing: [{ name: 'postgres', state: 'running' }],
        lastRelease: { id: 'r1' },
      },
    });
  });

  test('is recorded as released', () => {
    expect(told().before.ledger).toMatchObject([{ id: 'r1', outcome: 'released', migrations: ['migrate'] }]);
  });

  test('leaves nothing for a second deploy to do', () => {
    const { second, url } = told();

    expect(second).toMatchObject({ exitCode: 0, stdout: `${url}\n` });
    expect(second.stderr).toContain('nothing to do: e2e-agent r1 serves what the config says');
  });

  test('is not changed by a second deploy: no new release, the same processes', () => {
    const { before, after } = told();

    expect(after.ledger).toEqual(before.ledger);
    // Idle connections of the database come and go.
    const lasting = ({ processes }: typeof before) =>
      processes.filter(({ commandLine }) => !commandLine.startsWith('postgres:')).map(({ pid }) => pid);
    expect(lasting(after)).toEqual(lasting(before));
  });
});
