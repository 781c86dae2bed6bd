import { describe, expect, test } from 'vitest';
import type { Plan } from '../../../../cli/plan/plan.js';
import { planReissue } from '../../../../cli/targets/gcp/plan-reissue.js';
import { servingRecord } from '../../../../cli/targets/gcp/recorded-release.js';
import { imageOf, Story } from '../../../support/gcp/rollout-story.js';

const api = 'agent-production-api';
const worker = 'agent-production-worker';

test('a first deploy makes secrets, foundation, migrations and services in that order, and pins what serves', async () => {
  const story = new Story();
  const result = await story.deploy('1');
  expect(result.failure).toBeUndefined();
  expect(story.world.acts).toEqual([
    'apply foundation (postgres_password)',
    'apply migrations',
    'execute agent-production-migrate',
    'apply service',
    `traffic ${api} r1=100`,
    `traffic ${worker} r1=100`,
  ]);
  expect(story.world.services.get(api)?.traffic.some(({ isLatest }) => isLatest)).toBe(false);
  const [record] = await story.world.ledger.list();
  expect(record).toMatchObject({ id: 'r1', outcome: 'released', schema: { before: null, after: 'alembic:3f2a91' } });
  expect(JSON.stringify(record)).not.toContain('canary');
});

test('a plan names secrets and holds no value, and one without changes only proves', async () => {
  const story = new Story();
  await story.deploy('1');
  const plan = await story.plan('2');
  expect(JSON.stringify(plan)).not.toContain('canary');
  expect(plan.steps.map(({ id }) => id)).toEqual(
    [
      'secrets',
      'foundation',
      'image',
      'compose',
      'migrations',
      'migration-migrate',
      'hold',
      'service',
      'candidate',
      'share',
      'shift',
      'verify',
      'record',
    ].toSpliced(5, 0, ...plan.steps.filter(({ id }) => id.startsWith('snapshot')).map(({ id }) => id)),
  );
  const unchanged = await story.plan('1', true);
  expect(unchanged.steps.map(({ id }) => id)).toEqual(['verify']);
  expect((await story.run(unchanged)).outcome).toBe('succeeded');
});

test('a change gets a tenth of the requests before it gets all; workers change with the last share', async () => {
  const story = new Story();
  await story.deploy('1');
  expect((await story.deploy('2')).failure).toBeUndefined();
  expect(story.world.acts.slice(-4)).toEqual([
    'apply service',
    `traffic ${api} r2=10,r1=90`,
    `traffic ${api} r2=100`,
    `traffic ${worker} r2=100`,
  ]);
  expect(story.world.split(api)).toEqual({ r2: 100 });
  expect(story.world.tagged(api)).toBe('r2');
});

test('a migration that fails ends the run before any revision is made', async () => {
  const story = new Story();
  await story.deploy('1');
  story.world.migrationExitCode = 3;
  const { failure, recovered } = await story.deploy('2');
  expect(failure?.failure).toMatchObject({
    code: 'MigrationFailed',
    message: 'migration "migrate" exited with code 3',
  });
  expect(recovered).toBeUndefined();
  expect(story.world.acts).not.toContain('apply service');
  expect(story.world.split(api)).toEqual({ r1: 100 });
});

test('a candidate that does not come up never gets traffic, and the record says so', async () => {
  const story = new Story();
  await story.deploy('1');
  story.world.broken.add(imageOf('2'));
  const { recovered } = await story.deploy('2');
  expect(recovered).toBe(true);
  expect(story.world.acts.filter((act) => act.includes('r2='))).toEqual([]);
  expect(story.world.split(api)).toEqual({ r1: 100 });
  expect(story.world.tagged(api)).toBeUndefined();
  expect(await story.outcomes()).toEqual(['r1 released', 'r2 rolled-back']);
});

test('a release that fails under its first share goes back at once', async () => {
  const story = new Story();
  await story.deploy('1');
  story.world.failsUnderTraffic.add(imageOf('2'));
  const { failure, recovered } = await story.deploy('2');
  expect(failure?.step).toBe('share');
  expect(recovered).toBe(true);
  expect(story.world.acts.slice(-2)).toEqual([`traffic ${api} r2=10,r1=90`, `traffic ${api} r1=100`]);
  expect(story.world.split(worker)).toEqual({ r1: 100 });
  // What is mended goes out as the next release.
  expect((await story.deploy('3')).failure).toBeUndefined();
  expect(story.world.split(api)).toEqual({ r3: 100 });
});

test('a release whose server errors Cloud Monitoring counts goes back at once', async () => {
  const story = new Story();
  await story.deploy('1');
  story.world.counted.set(imageOf('1'), { answers: 900, serverErrors: 9 });
  story.world.counted.set(imageOf('2'), { answers: 100, serverErrors: 8 });
  const { failure, recovered } = await story.deploy('2');
  expect(failure?.step).toBe('share');
  expect(failure?.failure.message).toMatch(/-api-r2-[0-9a-f]{6} of api: 8 % of its 100 answers .*, the one before 1 %/);
  expect(recovered).toBe(true);
  expect(story.world.split(api)).toEqual({ r1: 100 });
});

test('a first release that does not come up is taken away, and the next one begins anew', async () => {
  const story = new Story();
  story.world.broken.add(imageOf('1'));
  const { recovered } = await story.deploy('1');
  expect(recovered).toBe(true);
  expect(story.world.services.size).toBe(0);
  expect(await story.outcomes()).toEqual(['r1 failed']);
  expect((await story.deploy('2')).failure).toBeUndefined();
  expect(story.world.split(api)).toEqual({ r2: 100 });
});

test('a rollback gives the traffic to the recorded revisions first, and is a release of its own', async () => {
  const story = new Story();
  await story.deploy('1');
  await story.deploy('2');
  const facts = await story.facts('2');
  const record = facts.records[0];
  if (record === undefined) throw new Error('no record');
  expect(servingRecord(facts)?.id).toBe('r2');
  const plan = planReissue({ facts, record, hasRevisions: true });
  const { failure } = await story.run(plan);
  expect(failure).toBeUndefined();
  expect(story.world.acts).toEqual([
    `traffic ${api} r1=100`,
    `traffic ${worker} r1=100`,
    'apply service',
    `traffic ${api} r3=100`,
    `traffic ${worker} r3=100`,
  ]);
  const last = (await story.world.ledger.list()).at(-1);
  expect(last).toMatchObject({ id: 'r3', action: 'rollback', origin: 'r1', outcome: 'released' });
});

describe('a rotation', () => {
  const name = 'agentctl-agent-production-secrets-KEY';
  /** The plan, and then the value; without one, it is that of before, which adds no version. */
  const rotation = async (story: Story, value?: string): Promise<Plan> => {
    const facts = await story.facts('1');
    const record = servingRecord(facts);
    if (record === undefined) throw new Error('no record');
    const plan = planReissue({
      facts,
      record,
      hasRevisions: false,
      rotated: { secret: 'KEY', name, before: '1' },
    });
    if (value !== undefined) story.world.secrets.get(name)?.push({ value, state: 'ENABLED' });
    return plan;
  };
  const newest = async (story: Story): Promise<unknown> => (await story.world.ledger.list()).at(-1)?.manifest;

  test('gives the new version to a new release, and takes it out of use when that does not come up', async () => {
    const story = new Story();
    await story.deploy('1');
    story.world.broken.add(imageOf('1'));
    expect((await story.run(await rotation(story, 'canary-2'))).recovered).toBe(true);
    expect(story.world.secrets.get(name)?.map(({ state }) => state)).toEqual(['ENABLED', 'DISABLED']);
    expect(story.world.split(api)).toEqual({ r1: 100 });

    story.world.broken.clear();
    expect((await story.run(await rotation(story, 'canary-3'))).failure).toBeUndefined();
    expect(await newest(story)).toMatchObject({ request: { secretVersions: { [name]: '3' } } });
  });

  test('that was taken back and is resumed brings its value into use again', async () => {
    const story = new Story();
    await story.deploy('1');
    const plan = await rotation(story, 'canary-2');
    story.world.broken.add(imageOf('1'));
    expect((await story.run(plan)).recovered).toBe(true);

    story.world.broken.clear();
    expect((await story.run(plan, [...story.events])).failure).toBeUndefined();
    expect(await newest(story)).toMatchObject({ request: { secretVersions: { [name]: '2' } } });
    expect(story.world.secrets.get(name)?.map(({ state }) => state)).toEqual(['ENABLED', 'ENABLED']);
  });

  test('to the value that it has brings none into use that was put aside before', async () => {
    const story = new Story();
    await story.deploy('1');
    story.world.secrets.get(name)?.push({ value: 'canary-of-before', state: 'DISABLED' });
    expect((await story.run(await rotation(story))).failure).toBeUndefined();
    expect(await newest(story)).toMatchObject({ request: { secretVersions: { [name]: '1' } } });
    expect(story.world.secrets.get(name)?.map(({ state }) => state)).toEqual(['ENABLED', 'DISABLED']);
  });
});
