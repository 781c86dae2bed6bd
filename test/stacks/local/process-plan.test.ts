import { describe, expect, test } from 'vitest';
import { agentSchema } from '../../../stacks/spec/index.js';
import { processPlan } from '../../../stacks/local/process-plan.js';

const minimal = { name: 'support-agent', services: { api: { command: ['node', 'api.js'] } } };
const planOf = (spec: object) => processPlan(agentSchema.parse({ ...minimal, ...spec }), 'local');

test('env is the top-level one, then the service’s own; secrets come under their names', () => {
  const plan = planOf({
    secrets: ['API_KEY'],
    env: { MODE: 'all', LEVEL: 'info' },
    services: { api: { command: ['x'], env: { MODE: 'api' } } },
  });

  expect(plan.services[0]?.env).toEqual({ API_KEY: '${secrets.API_KEY}', LEVEL: 'info', MODE: 'api' });
});

test('workloads with the same build context share it', () => {
  const worker = { command: ['y'], image: { build: { context: 'worker' } } };
  const plan = planOf({
    services: { api: { command: ['x'] }, web: { command: ['z'] }, worker },
    clouds: { local: { process: { build: [['npm', 'ci']] } } },
  });

  expect(plan.contexts).toEqual({ '.': { build: [['npm', 'ci']] }, worker: { build: [['npm', 'ci']] } });
});

test('a service that a cloud would scale to nothing runs once here', () => {
  expect(planOf({ services: { api: { command: ['x'], scale: { min: 0, max: 3 } } } }).services[0]?.replicas).toBe(1);
});

test('a Redis runs for the cache or for the queue', () => {
  expect([planOf({}), planOf({ cache: {} }), planOf({ queue: { engine: 'redis' } })].map((plan) => plan.redis)).toEqual(
    [false, true, true],
  );
});

test('scheduled backups and snapshots are those the spec asks for', () => {
  const plan = planOf({
    postgres: { backups: { dumps: { cron: '0 4 * * *', retention: '3d' } } },
    migrations: [
      { name: 'schema', command: ['x'], snapshot: true },
      { name: 'seed', command: ['y'] },
    ],
  });

  expect(plan.postgres?.dumps).toEqual({ cron: '0 4 * * *', retentionSeconds: 259_200 });
  expect(plan.migrations.map(({ snapshot }) => snapshot)).toEqual([true, undefined]);
  expect(planOf({ postgres: {} }).postgres).not.toHaveProperty('dumps');
});

describe('what runs elsewhere', () => {
  test('is put in place of its references', () => {
    const plan = planOf({
      secrets: ['SEARCH_URL', 'DB'],
      search: { external: '${secrets.SEARCH_URL}' },
      postgres: { external: '${secrets.DB}' },
      env: { SEARCH: '${search.url}', DATABASE: '${postgres.url}?a=b' },
    });

    expect(plan.postgres).toBeUndefined();
    expect(plan.services[0]?.env).toMatchObject({ SEARCH: '${secrets.SEARCH_URL}', DATABASE: '${secrets.DB}?a=b' });
  });

  test('a literal dollar stays one', () => {
    expect(planOf({ env: { SHELL_TEXT: '$${HOME} and ${stage}' } }).services[0]?.env['SHELL_TEXT']).toBe(
      '$${HOME} and ${stage}',
    );
  });
});
