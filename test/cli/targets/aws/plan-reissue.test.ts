import { describe, expect, test } from 'vitest';
import type { Plan } from '../../../../cli/plan/plan.js';
import type { AwsStageFacts } from '../../../../cli/targets/aws/aws-facts.js';
import { planPasswordRotation } from '../../../../cli/targets/aws/plan-password-rotation.js';
import { planReissue } from '../../../../cli/targets/aws/plan-reissue.js';
import { rotatedVersion } from '../../../../cli/targets/aws/rotated-version.js';
import {
  deployed,
  digest,
  foundationOutputs,
  nothingDeployed,
  record,
  repository,
  request,
  stack,
} from '../../../support/aws-stage.js';

const old = record('r1', { manifest: { request: request('r1', '9') } });
const facts = { ...deployed, records: [old, record('r2')] };

function inputsOf({ steps }: Pick<Plan, 'steps'>, id: string): unknown {
  return steps.find((step) => step.id === id)?.inputs;
}

describe('a rollback', () => {
  const plan = planReissue({ facts, record: old });

  test('runs the images of the older release under a new id; neither foundation nor migrations are touched', () => {
    expect(plan).toMatchObject({ action: 'rollback', base: { release: 'r2' }, release: 'r3' });
    expect(plan.steps.map(({ id }) => id)).toEqual(['compose', 'service', 'verify', 'record']);
    expect(inputsOf(plan, 'service')).toMatchObject({
      stack: 'service',
      request: { release: 'r3', images: { '.': `${repository}@${digest('9')}` } },
    });
    expect(inputsOf(plan, 'record')).toMatchObject({ id: 'r3', origin: 'r1', action: 'rollback', migrations: [] });
  });

  test('returns to what serves now when it does not come up', () => {
    expect(plan.recovery).toMatchObject({ returnsTo: 'r2' });
  });

  test('to a release that uses a part which is gone is refused', () => {
    const { PostgresHost: _, ...rest } = foundationOutputs;
    const without = { ...deployed.stacks, foundation: stack('support-agent-production-foundation', rest) };

    expect(() => planReissue({ facts: { ...facts, stacks: without }, record: old })).toThrow(
      'r1 uses PostgresHost, which the foundation no longer has',
    );
  });

  test('to what serves already is only proven', () => {
    const same = planReissue({ facts, record: record('r2') });

    expect(same.release).toBeNull();
    expect(same.steps.map(({ id }) => id)).toEqual(['verify']);
  });
});

describe('a rotation', () => {
  const rotated = rotatedVersion(nothingDeployed.scope, {
    name: 'OPENAI_API_KEY',
    version: 'ab12cd34',
    isMadeUp: false,
  });
  const plan = planReissue({ facts, record: record('r2'), rotated });

  test('makes the new value current first, and composes before it rolls out', () => {
    expect(plan.steps.map(({ id }) => id)).toEqual(['promote', 'compose', 'service', 'verify', 'record']);
    expect(inputsOf(plan, 'record')).toMatchObject({ action: 'rotate', secrets: { OPENAI_API_KEY: rotated.version } });
  });

  test('puts the former value back, composes again and returns, in that order', () => {
    expect(plan.recovery?.when).toEqual(['promote', 'compose', 'service', 'verify']);
    expect(plan.recovery?.steps.map(({ id, needs }) => [id, needs])).toEqual([
      ['restore-secret', []],
      ['recompose', ['restore-secret']],
      ['return', ['recompose']],
      ['verify-return', ['return']],
      ['record-failure', ['verify-return']],
    ]);
  });

  test('goes back to the version that is current now', () => {
    expect(inputsOf({ steps: plan.recovery?.steps ?? [] }, 'restore-secret')).toEqual({
      secret: 'OPENAI_API_KEY',
      name: rotated.name,
      version: 'one',
    });
  });

  test('names the version as Secrets Manager takes it: 32 characters or more', () => {
    expect(rotated.version).toMatch(/^[0-9a-f]{32}$/);
    expect(rotated.version).not.toBe(
      rotatedVersion(nothingDeployed.scope, { name: 'OTHER', version: 'ab12cd34', isMadeUp: false }).version,
    );
  });
});

describe('a rotation of the password of the database', () => {
  const secret = 'agentctl/support-agent/production/generated/postgres';
  const versions = new Map([...deployed.versions, [secret, 'before']]);
  const pooled = { ...deployed.stacks.foundation, outputs: { ...foundationOutputs, PoolerServiceName: 'pooler' } };
  const stacks = { ...deployed.stacks, foundation: { ...stack('f', {}), ...pooled } };
  const rotated = rotatedVersion(nothingDeployed.scope, { name: 'postgres', version: 'ab12cd34', isMadeUp: true });
  const of = (more: Partial<AwsStageFacts> = {}): Plan =>
    planPasswordRotation({ ...facts, versions, ...more }, rotated, '--cloud aws');

  test('changes it in the database before anything is composed or started with it', () => {
    expect(of().steps.map(({ id, kind }) => [id, kind])).toEqual([
      ['promote', 'change-password'],
      ['compose', 'compose-secrets'],
      ['service', 'deploy-stack'],
      ['verify', 'verify-release'],
      ['record', 'record-release'],
    ]);
    expect(inputsOf(of(), 'promote')).toEqual({
      ...rotated,
      name: secret,
      instance: 'support-agent-production-postgres',
    });
    expect(inputsOf(of(), 'record')).toMatchObject({ action: 'rotate', secrets: { OPENAI_API_KEY: 'one' } });
  });

  test('has a pooler take both before the rollout, and only the new one after the record', () => {
    const plan = of({ stacks });
    expect(plan.steps.map(({ id, needs }) => [id, needs])).toEqual([
      ['promote', []],
      ['pooler', ['promote']],
      ['compose', ['promote', 'pooler']],
      ['service', ['compose']],
      ['verify', ['service']],
      ['record', ['compose', 'verify']],
      ['pooler-end', ['record']],
    ]);
    expect([inputsOf(plan, 'pooler'), inputsOf(plan, 'pooler-end')]).toMatchObject([{ only: false }, { only: true }]);
  });

  test('gives the database the former one back first', () => {
    const recovery = of({ stacks }).recovery?.steps ?? [];
    expect(recovery.map(({ id, needs }) => [id, needs])).toEqual([
      ['restore-password', []],
      ['pooler', ['restore-password']],
      ['recompose', ['restore-password', 'pooler']],
      ['return', ['recompose']],
      ['verify-return', ['return']],
      ['record-failure', ['verify-return']],
      ['pooler-end', ['record-failure']],
    ]);
    expect(inputsOf({ steps: recovery }, 'restore-password')).toMatchObject({ version: 'before' });
  });

  test('that was cut short is taken back by whatever comes next', () => {
    const plan = planReissue({ facts: { ...facts, pending: new Set([secret]) }, record: old });
    expect(plan.steps.map(({ id }) => id)).toEqual(['settle', 'compose', 'service', 'verify', 'record']);
  });

  test('needs a release that serves', () => {
    expect(() => of({ records: [] })).toThrow('nothing serves on AWS');
    expect(() => of({ stacks: {} })).toThrow('there is no database');
  });
});
