import { expect, test } from 'vitest';
import { planDestroy, type PlanDestroyOptions } from '../../../../cli/targets/gcp/plan-destroy.js';
import type { StageRequest } from '../../../../cli/steps/gcp/stage-request.js';
import { gcpSpec } from '../../../support/gcp/synthesized-stage.js';

const request: StageRequest = {
  spec: gcpSpec('examples/quickstart/agentctl.yaml'),
  stage: 'production',
  release: 'r2',
  images: {},
  secretVersions: {},
  protect: true,
};
const foundation: StageRequest = { ...request, release: null, databaseSuffix: 'ab12' };

const options: PlanDestroyOptions = {
  scope: { name: 'agent', stage: 'production' },
  specHash: 'now',
  serving: 'r2',
  applied: { foundation, migrations: request, service: request },
  instance: 'agent-production-ab12',
  schema: '3f2a91',
  ledger: 'gs://state/agent/production/releases/',
  deleteData: false,
  finalBackup: true,
  runId: '20261120-101502000-3f9c',
  madeAt: '2026-11-20T10:15:02.000Z',
};

const idsOf = (how: Partial<PlanDestroyOptions>): readonly string[] =>
  planDestroy({ ...options, ...how }).steps.map(({ id }) => id);

test('without --delete-data only what runs is taken away; what stays is named', () => {
  const { steps } = planDestroy(options);
  expect(steps.map(({ id, inputs }) => [id, (inputs as { stack?: string }).stack])).toEqual([
    ['stop', 'service'],
    ['remove', 'migrations'],
  ]);
  expect(JSON.stringify(steps.at(-1)?.inputs)).toContain('the foundation of agent');
});

test('with it a last backup comes first, the foundation after what uses it, then secrets and records', () => {
  const { steps } = planDestroy({ ...options, deleteData: true });
  expect(steps.map(({ id, needs }) => [id, needs])).toEqual([
    ['backup', []],
    ['stop', ['backup']],
    ['migrations', ['stop']],
    ['remove', ['migrations']],
    ['secrets', ['remove']],
    ['forget', ['secrets']],
  ]);
  expect(steps[0]?.inputs).toEqual({
    instance: 'agent-production-ab12',
    reason: 'final',
    description: 'agentctl agent/production: final, 20261120-101502000-3f9c, schema 3f2a91',
  });
});

test('each configuration is what was applied last, without its protection', () => {
  const { steps } = planDestroy({ ...options, deleteData: true });
  expect(steps.find(({ id }) => id === 'remove')?.inputs).toMatchObject({
    stack: 'foundation',
    request: { protect: false, release: null, databaseSuffix: 'ab12' },
  });
  expect(steps.find(({ id }) => id === 'stop')?.inputs).toMatchObject({ request: { protect: false, release: 'r2' } });
});

test('a first deploy that never came up leaves what can be destroyed; a stage that is gone only its secrets', () => {
  expect(idsOf({ deleteData: true, applied: { foundation }, instance: undefined })).toEqual([
    'remove',
    'secrets',
    'forget',
  ]);
  expect(idsOf({ deleteData: true, applied: {}, instance: undefined })).toEqual(['secrets', 'forget']);
  expect(idsOf({ deleteData: true, finalBackup: false })[0]).toBe('stop');
});

test('what stays is named by the last step, also when there are no migrations', () => {
  const spec = { ...request.spec, migrations: [] };
  const { steps } = planDestroy({ ...options, applied: { foundation, service: { ...request, spec } } });
  expect(steps.map(({ id }) => id)).toEqual(['remove']);
  expect(JSON.stringify(steps[0]?.inputs)).toContain('the foundation of agent');
});
