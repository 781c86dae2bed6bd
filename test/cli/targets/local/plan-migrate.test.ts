import { describe, expect, test } from 'vitest';
import { parsePlan } from '../../../../cli/plan/plan.js';
import type { LocalFacts } from '../../../../cli/targets/local/local-facts.js';
import { planDeploy } from '../../../../cli/targets/local/plan-deploy.js';
import { planMigrate } from '../../../../cli/targets/local/plan-migrate.js';
import { processPlan } from '../../../../stacks/local/process-plan.js';
import { agentSchema } from '../../../../stacks/spec/index.js';

const spec = agentSchema.parse({
  name: 'support-agent',
  services: {
    api: { command: ['node', 'server.js'], port: 8000, routes: [{ path: '/' }] },
    worker: { command: ['node', 'worker.js'], image: { build: { context: 'worker' } } },
  },
  migrations: [
    { name: 'schema', command: ['node', 'migrate.js'] },
    { name: 'seed', command: ['node', 'seed.js'], timeout: '1m' },
  ],
  postgres: { database: 'agent' },
  queue: { engine: 'redis' },
});
const processes = processPlan(spec, 'local');
const facts: LocalFacts = {
  records: [],
  damaged: [],
  running: undefined,
  secretVersions: {},
  schema: null,
  artifacts: [],
  imageOf: {},
  platform: 'linux/amd64',
  key: '0123456789abcdef',
  hasDatabase: false,
  digests: { '.': 'sha256:aa', worker: 'sha256:bb' },
  git: undefined,
  user: 'ann',
  host: 'laptop',
  now: '2026-01-01T00:00:00.000Z',
  runId: 'run-1',
};
const plan = planMigrate({ processes, facts, specHash: 'hash' });

describe('a plan of the migrations alone', () => {
  test('builds what they run from, brings up the data, and runs them one after the other', () => {
    expect(plan.steps.map(({ id, needs }) => [id, needs])).toEqual([
      ['build', []],
      ['postgres', []],
      ['redis', []],
      ['migration-schema', ['build', 'postgres', 'redis']],
      ['migration-seed', ['build', 'migration-schema']],
    ]);
  });

  test('makes no release, and has nothing to take back', () => {
    expect(plan).toMatchObject({ action: 'migrate', release: null, recovery: null });
  });

  test('has the very steps that a deploy begins with', () => {
    const deploy = new Map(planDeploy({ processes, facts, specHash: 'hash' }).steps.map((step) => [step.id, step]));

    expect(plan.steps.map(({ id }) => deploy.get(id))).toEqual(plan.steps);
  });

  test('can be read back from a journal', () => {
    expect(parsePlan(JSON.stringify(plan), 'plan.json')).toEqual(plan);
  });
});
