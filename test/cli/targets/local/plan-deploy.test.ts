import { describe, expect, test } from 'vitest';
import { parsePlan } from '../../../../cli/plan/plan.js';
import type { ReleaseRecord } from '../../../../cli/ledger/release-record.js';
import type { LocalFacts } from '../../../../cli/targets/local/local-facts.js';
import { planDeploy } from '../../../../cli/targets/local/plan-deploy.js';
import { checksOf } from '../../../../cli/targets/local/verification-checks.js';
import { contentHash, manifestOf } from '../../../../cli/targets/local/release-manifest.js';
import type { SupervisorStatus } from '../../../../cli/supervisor/protocol.js';
import { agentSchema } from '../../../../stacks/spec/index.js';
import { processPlan } from '../../../../stacks/local/process-plan.js';

const spec = agentSchema.parse({
  name: 'support-agent',
  env: { DATABASE_URL: '${postgres.url}' },
  secrets: ['OPENAI_API_KEY'],
  services: {
    api: {
      command: ['node', 'server.js'],
      port: 8000,
      routes: [{ path: '/' }],
      health: { readiness: '/health', startupTimeout: '5s' },
      scale: { min: 2 },
    },
    worker: { command: ['node', 'worker.js'], image: { build: { context: 'worker' } } },
  },
  migrations: [
    { name: 'schema', command: ['node', 'migrate.js'] },
    { name: 'seed', command: ['node', 'seed.js'], timeout: '1m' },
  ],
  postgres: { database: 'agent' },
  queue: { engine: 'redis' },
  clouds: { local: { process: { build: [['npm', 'ci']] } } },
});
const processes = processPlan(spec, 'local');
const digests = { '.': 'sha256:aa', worker: 'sha256:bb' };

const nothing: LocalFacts = {
  records: [],
  damaged: [],
  running: undefined,
  digests,
  secretVersions: { OPENAI_API_KEY: 'one' },
  schema: null,
  artifacts: [],
  imageOf: {},
  platform: 'linux/amd64',
  key: '0123456789abcdef',
  git: { sha: 'c0ffee', dirty: false },
  hasDatabase: false,
  user: 'ann',
  host: 'laptop',
  now: '2026-01-01T00:00:00.000Z',
  runId: 'run-1',
};

function record(id: string, content: string, outcome: ReleaseRecord['outcome'] = 'released'): ReleaseRecord {
  const artifacts = {
    '.': { digest: 'sha256:00', directory: '/old' },
    worker: { digest: 'sha256:00', directory: '/old' },
  };
  return {
    recordVersion: 1,
    id,
    name: 'support-agent',
    action: 'deploy',
    origin: id,
    createdAt: '2026-01-01T00:00:00.000Z',
    by: { user: 'ann', host: 'laptop' },
    git: null,
    specHash: 'before',
    digests: { api: 'sha256:00' },
    migrations: [],
    schema: { before: null, after: null },
    secrets: { OPENAI_API_KEY: 'one' },
    contentHash: content,
    outcome,
    manifest: { manifest: manifestOf(processes, id, artifacts), bakeSeconds: 0 },
  };
}

function serving(id: string, others: readonly string[] = []): SupervisorStatus {
  const release = (name: string, isServing: boolean) => ({
    id: name,
    state: 'ready' as const,
    serving: isServing,
    services: [],
  });
  return {
    protocolVersion: 1,
    version: '0.1.0',
    pid: 1,
    startedAt: '2026-01-01T00:00:00.000Z',
    url: 'http://127.0.0.1:8080',
    servingRelease: id,
    releases: [release(id, true), ...others.map((other) => release(other, false))],
    postgres: null,
    redis: null,
    servers: [],
    runningTasks: [],
    schedules: [],
    backups: { last: null, next: null, running: null, history: [] },
  };
}

const plan = (facts: LocalFacts) => planDeploy({ processes, facts, specHash: 'hash' });
const ids = (facts: LocalFacts) => plan(facts).steps.map((step) => step.id);

test('the first deploy', async () => {
  await expect(JSON.stringify(plan(nothing), null, 2)).toMatchFileSnapshot('__snapshots__/first-deploy.json');
});

test('a changed release beside one that serves', async () => {
  const facts = { ...nothing, records: [record('r1', 'other')], running: serving('r1') };

  await expect(JSON.stringify(plan(facts), null, 2)).toMatchFileSnapshot('__snapshots__/next-deploy.json');
});

test('a plan is plain JSON that can be read back', () => {
  const value = plan(nothing);

  expect(parsePlan(JSON.stringify(value), 'plan.json')).toEqual(value);
});

test('no value of a secret is in a plan, only its name', () => {
  expect(JSON.stringify(plan(nothing))).toContain('${secrets.OPENAI_API_KEY}');
});

describe('when nothing has changed', () => {
  const content = contentHash(processes, digests);
  const same = { ...nothing, records: [record('r1', content)], running: serving('r1') };

  test('the plan only proves it', () => {
    expect(plan(same)).toMatchObject({
      release: null,
      steps: [{ id: 'verify', inputs: { release: 'r1', bakeSeconds: 0 } }],
    });
  });

  test('what a killed deploy left beside it is stopped', () => {
    const steps = plan({ ...same, running: serving('r1', ['r0']) }).steps;

    expect(steps.map(({ id, needs }) => [id, needs])).toEqual([
      ['verify', []],
      ['drain-r0', ['verify']],
    ]);
  });

  test.each([
    ['a build context', { digests: { ...digests, worker: 'sha256:cc' } }],
    ['a secret value', { secretVersions: { OPENAI_API_KEY: 'two' } }],
  ])('until %s does', (_, change: Partial<LocalFacts>) => {
    expect(plan({ ...same, ...change }).release).toBe('r2');
  });

  test('it is not enough that the ledger says so: the release has to serve', () => {
    expect(plan({ ...same, running: undefined }).release).toBe('r2');
  });
});

describe('a snapshot', () => {
  const migrations = processes.migrations.map((migration) =>
    migration.name === 'seed' ? { ...migration, snapshot: true as const } : migration,
  );
  const stepsOf = (facts: LocalFacts) =>
    planDeploy({ processes: { ...processes, migrations }, facts, specHash: 'hash' }).steps;

  test('is taken just before the migration that asks for it', () => {
    const steps = stepsOf({ ...nothing, hasDatabase: true });

    expect(steps.find(({ id }) => id === 'snapshot-seed')).toMatchObject({
      kind: 'take-backup',
      inputs: { id: expect.stringMatching(/^b20260101-000000-[0-9a-f]{4}$/), reason: 'before-migration' },
      needs: ['migration-schema'],
    });
    expect(steps.find(({ id }) => id === 'migration-seed')?.needs).toContain('snapshot-seed');
    expect(steps.filter(({ kind }) => kind === 'take-backup')).toHaveLength(1);
  });

  test('is not taken of a database that is only just made', () => {
    expect(stepsOf(nothing).filter(({ kind }) => kind === 'take-backup')).toEqual([]);
  });
});

describe('after a deploy that was killed', () => {
  const facts = { ...nothing, records: [record('r1', 'other')], running: serving('r2', ['r1']) };

  test('the new release takes a name that nothing has', () => {
    expect(plan(facts).release).toBe('r3');
  });

  test('everything that is left of it is drained', () => {
    expect(ids(facts)).toEqual(expect.arrayContaining(['drain-r1', 'drain-r2']));
  });

  test('the way back leads to the last release that was proven', () => {
    expect(plan(facts).recovery?.returnsTo).toBe('r1');
  });
});

test('builds that only old releases needed are removed', () => {
  const old = Array.from({ length: 7 }, (_, index) => ({
    ...record(`r${index + 1}`, 'other'),
    digests: { api: `sha256:${index}${index}` },
  }));
  const artifacts = ['00', '11', '22', '33', '44', '55', '66', 'aa', 'stray'];
  const prune = plan({ ...nothing, records: old, artifacts, running: serving('r7') }).steps.find(
    (step) => step.id === 'prune',
  );

  expect(prune?.inputs).toEqual({ keys: ['00', '11', 'stray'] });
});

describe('what proves a service through the public address', () => {
  const service = (name: string, path: string, readiness?: string) => ({
    ...processes.services[0],
    name,
    routes: [{ path }],
    ...(readiness === undefined ? {} : { readiness }),
  });

  test('its readiness path, where that leads to it', () => {
    const services = [
      service('web', '/', '/health'),
      service('api', '/api', '/api/health'),
    ] as typeof processes.services;

    expect(checksOf(services)).toEqual([
      { service: 'web', path: '/health', readiness: true },
      { service: 'api', path: '/api/health', readiness: true },
    ]);
  });

  test('its route, where its readiness path leads to another service', () => {
    const services = [service('web', '/', '/health'), service('api', '/api', '/health')] as typeof processes.services;

    expect(checksOf(services)[1]).toEqual({ service: 'api', path: '/api', readiness: false });
  });
});
