import { expect, test } from 'vitest';
import { containerPlan } from '../../../stacks/local/container-plan.js';
import { stagePlan } from '../../../stacks/local/stage-plan.js';
import { agentSchema } from '../../../stacks/spec/index.js';

const minimal = {
  name: 'support-agent',
  services: { api: { command: ['uvicorn', 'app:app'], port: 8000, health: { readiness: '/health' } } },
  clouds: { local: { runtime: 'docker' } },
};
const specOf = (spec: object) => agentSchema.parse({ ...minimal, ...spec });
const planOf = (spec: object) => containerPlan(specOf(spec), 'local');

test('the runtime of the spec decides; auto is processes', () => {
  expect(stagePlan(specOf({}), 'local').runtime).toBe('docker');
  expect(stagePlan(specOf({ clouds: { local: { runtime: 'auto' } } }), 'local').runtime).toBe('process');
  expect(stagePlan(specOf({ clouds: {} }), 'local').runtime).toBe('process');
});

test('workloads with the same image share it; the top-level one has a name of its own', () => {
  const worker = { command: ['y'], image: { build: { context: 'worker' } } };
  const plan = planOf({
    services: { api: { command: ['x'] }, worker, again: worker },
    schedules: { nightly: { cron: '0 3 * * *', command: ['z'] } },
  });

  expect(Object.keys(plan.images)).toEqual(['.', 'worker']);
  expect([...plan.services, ...plan.schedules].map(({ source }) => source)).toEqual(['.', 'worker', 'worker', '.']);
});

test('a container is held as the spec says, and may do nothing else', () => {
  const docker = { readOnly: true, user: '10001', capAdd: ['SETUID'] };
  const [api] = planOf({
    services: { api: { command: ['x'], size: { cpu: 0.5, memory: '512Mi' } } },
    clouds: { local: { runtime: 'docker', docker } },
  }).services;

  expect(api?.container).toEqual({
    cpus: 0.5,
    memoryMiB: 512,
    readOnly: true,
    tmpfs: ['/tmp'],
    user: '10001',
    capAdd: ['SETUID'],
  });
});

test('a command is optional: that of the image runs', () => {
  expect(planOf({ services: { api: {} } }).services[0]?.command).toEqual([]);
});

test('PostgreSQL has the superuser of agentctl, whose password is a reference', () => {
  const { postgres } = planOf({ postgres: { version: 16, database: 'app' } });

  expect(postgres).toMatchObject({ database: 'app', user: 'agent' });
  expect(postgres?.container).toMatchObject({
    image: 'postgres:16',
    env: {
      POSTGRES_USER: 'agentctl_admin',
      POSTGRES_PASSWORD: '${generated.postgres.adminPassword}',
      POSTGRES_DB: 'postgres',
    },
    dataPath: '/var/lib/postgresql/data',
    sharedMemoryMiB: 256,
  });
});

test('servers are those of the Compose project, with references in place of its variables', () => {
  const { servers } = planOf({
    postgres: { pooler: true },
    search: {},
    cache: {},
    queue: { engine: 'rabbitmq' },
    clouds: { local: { runtime: 'docker', temporal: {} } },
  });

  expect(servers.map(({ name, port }) => [name, port])).toEqual([
    ['pooler', 5432],
    ['search', 9200],
    ['cache', 6379],
    ['queue', 5672],
    ['temporal', 7233],
  ]);
  expect(servers.map(({ name, container: { env } }) => [name, env])).toEqual([
    ['pooler', { PGPASSWORD: '${generated.postgres.password}' }],
    ['search', expect.objectContaining({ 'discovery.type': 'single-node' })],
    ['cache', { REDISCLI_AUTH: '${generated.redis.password}', MAXMEMORY: '1024mb' }],
    ['queue', { RABBITMQ_DEFAULT_USER: 'agent', RABBITMQ_DEFAULT_PASS: '${generated.queue.password}' }],
    ['temporal', {}],
  ]);
  const text = JSON.stringify(servers);
  expect(text).not.toContain('$$');
  expect(text).not.toContain(':?');
});

test('Temporal is found by the names that its clients read, unless env says otherwise', () => {
  const plan = planOf({
    services: { api: { command: ['x'] }, other: { command: ['y'], env: { TEMPORAL_NAMESPACE: 'mine' } } },
    clouds: { local: { runtime: 'docker', temporal: {} } },
  });

  expect(plan.services.map(({ env }) => env)).toEqual([
    { TEMPORAL_ADDRESS: 'temporal:7233', TEMPORAL_NAMESPACE: 'default' },
    { TEMPORAL_ADDRESS: 'temporal:7233', TEMPORAL_NAMESPACE: 'mine' },
  ]);
});

test('a migration never goes through the pooler', () => {
  const { services, migrations } = planOf({
    env: { DATABASE_URL: '${postgres.url}', TEXT: '$${postgres.url}' },
    postgres: { pooler: true },
    migrations: { command: ['migrate', '${ postgres.url }'] },
  });

  expect(migrations[0]).toMatchObject({
    command: ['migrate', '${postgres.directUrl}'],
    env: { DATABASE_URL: '${postgres.directUrl}', TEXT: '$${postgres.url}' },
  });
  expect(services[0]?.env['DATABASE_URL']).toBe('${postgres.url}');
});
