import { expect, test } from 'vitest';
import type { ReleaseRecord } from '../../../../cli/ledger/release-record.js';
import type { Plan } from '../../../../cli/plan/plan.js';
import type { SupervisorStatus } from '../../../../cli/supervisor/protocol.js';
import type { LocalFacts } from '../../../../cli/targets/local/local-facts.js';
import { type PlannedStage, planBackup, planRestore } from '../../../../cli/targets/local/plan-backup.js';
import { planDestroy } from '../../../../cli/targets/local/plan-destroy.js';
import { planMigrate } from '../../../../cli/targets/local/plan-migrate.js';
import { planReissue } from '../../../../cli/targets/local/plan-reissue.js';
import { manifestOf } from '../../../../cli/targets/local/release-manifest.js';
import { processPlan } from '../../../../stacks/local/process-plan.js';
import { agentSchema } from '../../../../stacks/spec/index.js';

const spec = agentSchema.parse({
  name: 'support-agent',
  env: { DATABASE_URL: '${postgres.url}', KEY: '${secrets.KEY}' },
  secrets: ['KEY'],
  services: { api: { command: ['node', 'server.js'], port: 8000, routes: [{ path: '/' }], scale: { min: 2 } } },
  migrations: { command: ['node', 'migrate.js'], snapshot: true },
  postgres: { database: 'agent' },
});
const processes = processPlan(spec, 'local');
const postgres = { database: 'agent', user: 'agent', extensions: [] };

function record(id: string): ReleaseRecord {
  const artifacts = { '.': { digest: `sha256:${id}`, directory: `/artifacts/${id}` } };
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
    digests: { api: `sha256:${id}` },
    migrations: [],
    schema: { before: null, after: null },
    secrets: { KEY: 'one' },
    contentHash: `content of ${id}`,
    outcome: 'released',
    manifest: { manifest: manifestOf(processes, id, artifacts), bakeSeconds: 2, postgres },
  };
}

const running: SupervisorStatus = {
  protocolVersion: 1,
  version: '0.1.0',
  pid: 1,
  startedAt: '2026-01-01T00:00:00.000Z',
  url: 'http://127.0.0.1:8080',
  servingRelease: 'r2',
  releases: [{ id: 'r2', state: 'ready', serving: true, services: [] }],
  postgres: null,
  redis: null,
  servers: [],
  runningTasks: [],
  schedules: [],
  backups: { last: null, next: null, running: null, history: [] },
};
const records = [record('r1'), record('r2')];
const facts: LocalFacts = {
  records,
  damaged: [],
  running,
  digests: { '.': 'sha256:new' },
  secretVersions: { KEY: 'one' },
  schema: null,
  imageOf: {},
  platform: 'linux/amd64',
  key: '0123456789abcdef',
  artifacts: ['r1', 'r2'],
  git: undefined,
  hasDatabase: true,
  user: 'ann',
  host: 'laptop',
  now: '2026-01-02T00:00:00.000Z',
  runId: 'run-1',
};
const stage: PlannedStage = {
  runId: 'run-1',
  madeAt: '2026-01-02T00:00:00.000Z',
  name: 'support-agent',
  stage: 'local',
  specHash: 'before',
  serving: 'r2',
};
const about = { facts, name: 'support-agent', stage: 'local' };
const last = record('r2');

// A plan is what people review and what a journal is resumed from: every change of one is a change to look at.
test.each<[string, Plan]>([
  ['rollback', planReissue({ ...about, record: record('r1') })],
  [
    'rotation',
    planReissue({ ...about, facts: { ...facts, secretVersions: { KEY: 'two' } }, record: last, secret: 'KEY' }),
  ],
  ['migrate', planMigrate({ processes, facts, specHash: 'hash' })],
  ['backup', planBackup(stage, 'b20260101-000000-0000')],
  ['restore', planRestore(stage, 'b20260101-000000-0000')],
  ['destroy', planDestroy({ ...stage, records, hasDatabase: true, deleteData: false, finalBackup: true })],
  ['destroy-with-data', planDestroy({ ...stage, records, hasDatabase: true, deleteData: true, finalBackup: true })],
])('%s', async (name, plan) => {
  await expect(JSON.stringify(plan, null, 2)).toMatchFileSnapshot(`__snapshots__/${name}.json`);
});
