import { describe, expect, test } from 'vitest';
import { backupDescription, describedBackup } from '../../../../cli/targets/gcp/backup-description.js';
import { planBackup, planRestore } from '../../../../cli/targets/gcp/plan-backup.js';
import { planPasswordRotation } from '../../../../cli/targets/gcp/plan-password-rotation.js';
import { planReissue } from '../../../../cli/targets/gcp/plan-reissue.js';
import { imageOf, Story } from '../../../support/gcp/rollout-story.js';

const api = 'agent-production-api';
const secret = 'agentctl-agent-production-generated-postgres';
const stage = {
  scope: { name: 'agent', stage: 'production' },
  specHash: 'now',
  serving: 'r1',
  schema: '3f2a91',
  instance: 'db',
  madeAt: '2026-01-01T00:00:00.000Z',
};

test('what a backup is of is in its description', () => {
  const about = { scope: stage.scope, reason: 'final', schema: 'alembic:3f2a91, and more' };
  expect(describedBackup(backupDescription({ ...about, runId: '20260101-000000000-ab12' }))).toEqual(about);
  expect(describedBackup('before the big migration')).toBeUndefined();
});

test('what a deploy has no more goes after everything else: first what uses, then what is used', async () => {
  const story = new Story();
  await story.deploy('1');
  const facts = { ...(await story.facts('2')), drops: ['foundation', 'service'] as const };
  const plan = story.planWith('2', facts);
  expect(plan.steps.map(({ id }) => id).slice(-3)).toEqual(['record', 'clear-service', 'clear']);
  const leavingOf = (id: string): unknown => {
    const { inputs } = plan.steps.find((step) => step.id === id) ?? {};
    return (inputs as { leaving?: unknown } | undefined)?.leaving;
  };
  expect(leavingOf('foundation')).toMatchObject({ isDue: false, request: { release: null, protect: true } });
  expect(leavingOf('service')).toMatchObject({ isDue: false, request: { release: 'r1' } });
  expect(leavingOf('clear-service')).toMatchObject({ isDue: true, request: { release: 'r1' } });
  expect(leavingOf('clear')).toMatchObject({ isDue: true, request: { release: null } });
  expect((await story.run(plan)).failure).toBeUndefined();
});

describe('a restore', () => {
  test('backs up what it replaces, and gives the database the password of now', async () => {
    const story = new Story();
    await story.deploy('1');
    const { database } = story.world;
    Object.assign(database, { data: 'old', password: 'old-password' });
    expect((await story.run(planBackup({ ...stage, runId: 'b1' }))).failure).toBeUndefined();
    database.data = 'new';
    const { failure } = await story.run(planRestore({ ...stage, runId: 'b2' }, '1'));
    expect(failure).toBeUndefined();
    expect(story.world.acts).toEqual(['back up new', 'restore 1', 'password of agent']);
    expect(database.data).toBe('old');
    expect(database.password).toBe(story.world.secrets.get(secret)?.at(-1)?.value);
    // What was replaced is a backup like any other.
    await story.run(planRestore({ ...stage, runId: 'b3' }, '2'));
    expect(database.data).toBe('new');
  });

  test('that fails is taken back: the database holds what it held', async () => {
    const story = new Story();
    await story.deploy('1');
    const { database } = story.world;
    database.data = 'now';
    await story.run(planBackup({ ...stage, runId: 'b1' }));
    database.bad.add('1');
    const { recovered, failure } = await story.run(planRestore({ ...stage, runId: 'b2' }, '1'));
    expect(failure?.step).toBe('restore');
    expect(recovered).toBe(true);
    expect(database.data).toBe('now');
    expect(database.password).toBe(story.world.secrets.get(secret)?.at(-1)?.value);
  });
});

describe('a new password of the database', () => {
  const rotate = async (story: Story, value: string) => {
    const plan = planPasswordRotation(await story.facts('1'), '');
    story.world.secrets.get(secret)?.push({ value, state: 'ENABLED' });
    return { plan, result: await story.run(plan) };
  };

  test('is given to the database, then to a new release; the plan does not know it', async () => {
    const story = new Story();
    await story.deploy('1');
    const { plan, result } = await rotate(story, 'canary-new');
    expect(result.failure).toBeUndefined();
    expect(JSON.stringify(plan)).not.toContain('canary');
    expect(story.world.acts[0]).toBe('password of agent');
    expect(story.world.database.password).toBe('canary-new');
    expect(story.world.split(api)).toEqual({ r2: 100 });
    const last = (await story.world.ledger.list()).at(-1);
    expect(last).toMatchObject({ action: 'rotate', manifest: { request: { secretVersions: { [secret]: '2' } } } });
  });

  test('is taken back when the release does not come up', async () => {
    const story = new Story();
    await story.deploy('1');
    const before = story.world.secrets.get(secret)?.[0]?.value;
    story.world.broken.add(imageOf('1'));
    const { result } = await rotate(story, 'canary-new');
    expect(result.recovered).toBe(true);
    expect(story.world.database.password).toBe(before);
    expect(story.world.secrets.get(secret)?.map(({ state }) => state)).toEqual(['ENABLED', 'DISABLED']);
    expect(story.world.split(api)).toEqual({ r1: 100 });
  });

  test('that was taken back and is resumed is in force again', async () => {
    const story = new Story();
    await story.deploy('1');
    story.world.broken.add(imageOf('1'));
    const { plan } = await rotate(story, 'canary-new');
    story.world.broken.clear();
    expect((await story.run(plan, [...story.events])).failure).toBeUndefined();
    expect(story.world.database.password).toBe('canary-new');
    const last = (await story.world.ledger.list()).at(-1);
    expect(last).toMatchObject({ action: 'rotate', manifest: { request: { secretVersions: { [secret]: '2' } } } });
  });

  test('that was cut short is taken back by the next deploy', async () => {
    const story = new Story();
    await story.deploy('1');
    const before = story.world.secrets.get(secret)?.[0]?.value;
    story.world.secrets.get(secret)?.push({ value: 'canary-lost', state: 'ENABLED' });
    story.world.database.password = 'canary-lost';
    const plan = await story.plan('2');
    expect(plan.steps[0]?.id).toBe('settle');
    expect((await story.run(plan)).failure).toBeUndefined();
    expect(story.world.database.password).toBe(before);
    expect((await story.plan('3')).steps[0]?.id).toBe('secrets');
  });

  test('is what a rollback to a release of before gets: its revisions would not come up', async () => {
    const story = new Story();
    await story.deploy('1');
    await rotate(story, 'canary-new');
    const facts = await story.facts('1');
    const [record] = facts.records;
    if (record === undefined) throw new Error('no record');
    const plan = planReissue({ facts: { ...facts, records: facts.records }, record, hasRevisions: true });
    // Of the same origin as what serves: only proven. Another one has to be made.
    expect(plan.steps.map(({ id }) => id)).toEqual(['verify']);
    await story.deploy('2');
    const later = await story.facts('2');
    const back = planReissue({ facts: later, record, hasRevisions: true });
    expect(back.steps.map(({ id }) => id)).toContain('compose');
    expect(back.steps.map(({ id }) => id)).not.toContain('return');
    expect((await story.run(back)).failure).toBeUndefined();
    const last = (await story.world.ledger.list()).at(-1);
    expect(last).toMatchObject({ origin: 'r1', manifest: { request: { secretVersions: { [secret]: '2' } } } });
  });
});
