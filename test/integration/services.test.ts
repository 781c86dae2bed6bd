import { describe, expect, test } from 'vitest';
import { appFiles } from '../support/local-apps.js';
import { jsonLines } from '../support/local-cli.js';
import { eventually, story } from '../support/local-project.js';
import { askJson } from '../support/local-traffic.js';

interface Who {
  readonly service: string;
  readonly version: string;
  readonly directory: string;
}

const service = (name: string, change: object) => ({
  command: ['node', 'app.mjs'],
  port: 8000,
  env: { SERVICE: name },
  health: { readiness: '/health' },
  ...change,
});

describe('an agent of several services', () => {
  const told = story(async (open) => {
    const project = await open({
      variant: { version: 'of the root' },
      config: {
        env: { BACK_URL: '${services.back.url}' },
        services: {
          admin: service('admin', { routes: [{ path: '/admin' }], image: { build: { context: 'admin' } } }),
          back: service('back', {}),
          worker: { command: ['node', 'worker.mjs'] },
        },
        schedules: { nightly: { cron: '0 3 * * *', command: ['node', 'worker.mjs'] } },
      },
    });
    // Paths come as they are asked for: the admin service answers below /admin.
    const files = appFiles({ version: 'of its own' });
    for (const [path, content] of Object.entries(files)) {
      await project.write(`admin/${path}`, content.replaceAll("'/who'", "'/admin/who'"));
    }
    const url = await project.deployed();
    const internal = await askJson<Who>(`${url}/ask`);
    const logs = await eventually(async () => {
      const result = await project.agentctl(['logs', 'worker']);
      return result.stdout.includes('worker works') ? result : undefined;
    }, 5).catch(() => undefined);
    await project.become({ version: 'changed' });
    const second = await project.agentctl(['deploy', '--yes']);
    const [status, statusJson] = await Promise.all([
      project.agentctl(['status']),
      project.agentctl(['status', '--json']),
    ]);
    return {
      api: await askJson<Who>(`${url}/who`),
      admin: await askJson<Who>(`${url}/admin/who`),
      internal,
      internalAfter: await askJson<Who>(`${url}/ask`),
      second,
      logs,
      status,
      statusJson,
      running: project.agentProcesses().length,
      ledger: project.ledger(),
    };
  });

  test('is asked by path: the longest route wins', () => {
    expect(told().api).toMatchObject({ service: 'api' });
    expect(told().admin).toMatchObject({ service: 'admin' });
  });

  test('runs each service from its own build context', () => {
    expect(told().admin).toMatchObject({ version: 'of its own' });
    expect(told().admin.directory).not.toBe(told().api.directory);
  });

  test('finds a service that is not public by its internal URL', () => {
    expect(told().internal).toMatchObject({ service: 'back', version: 'of the root' });
  });

  test('finds the new release of that service after a deploy', () => {
    expect(told().second).toMatchObject({ exitCode: 0 });
    expect(told().internalAfter).toMatchObject({ service: 'back', version: 'changed' });
  });

  test('keeps a worker without a port running, with its log', () => {
    expect(told().status.stdout).toMatch(/^worker +1\/1 /m);
    expect(told().logs?.stdout).toContain('worker works');
  });

  test('has exactly one process per replica after a rollout', () => {
    expect(told().running).toBe(4);
  });

  test('is listed by status, service by service', () => {
    const [result] = jsonLines(told().statusJson.stdout) as [{ status: { services: { name: string }[] } }];

    expect(result.status.services.map(({ name }) => name)).toEqual(['api', 'admin', 'back', 'worker']);
  });

  test('shows when a schedule runs next', () => {
    expect(told().status.stdout).toMatch(/^nightly .*03:00/m);
  });

  test('shows when a schedule runs next, with --json', () => {
    const [result] = jsonLines(told().statusJson.stdout);

    expect(result).toMatchObject({
      status: {
        schedules: [{ name: 'nightly', cron: '0 3 * * *', next: expect.stringMatching(/T03:00:00/) as string }],
      },
    });
  });

  test('is recorded with one digest per build context', () => {
    const { digests = {} } = told().ledger.at(-1) ?? {};

    expect(digests['api']).toBe(digests['back']);
    expect(digests['api']).not.toBe(digests['admin']);
  });
});
