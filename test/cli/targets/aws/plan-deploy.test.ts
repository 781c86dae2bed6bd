import { describe, expect, test } from 'vitest';
import { parsePlan, type Plan } from '../../../../cli/plan/plan.js';
import type { AwsFacts } from '../../../../cli/targets/aws/aws-facts.js';
import { planDeploy } from '../../../../cli/targets/aws/plan-deploy.js';
import { planMigrate } from '../../../../cli/targets/aws/plan-migrate.js';
import { deployed, digest, nothingDeployed, record, repository, supportAgent } from '../../../support/aws-stage.js';

function plan(facts: AwsFacts): Plan {
  return planDeploy({ spec: supportAgent, stage: 'production', specHash: 'now', facts, allowReplace: [] });
}

function step({ steps }: Pick<Plan, 'steps'>, id: string) {
  const found = steps.find((candidate) => candidate.id === id);
  if (found === undefined) throw new Error(`no step ${id} in ${steps.map((one) => one.id).join(', ')}`);
  return found;
}

const built: AwsFacts = {
  ...deployed,
  sources: {
    '.': { content: digest('a'), image: `${repository}@${digest('1')}` },
    worker: { content: digest('b'), image: `${repository}@${digest('2')}` },
  },
};

describe('a first deploy', () => {
  const first = plan(nothingDeployed);

  test('goes from passwords to the record, and is the same plan after it was saved', () => {
    expect(first.steps.map(({ id }) => id)).toEqual([
      'secrets',
      'foundation',
      'build',
      'build-2',
      'compose',
      'migrations',
      'migration-schema',
      'migration-seed',
      'service',
      'verify',
      'record',
    ]);
    expect(parsePlan(JSON.stringify(first), 'plan.json')).toEqual(JSON.parse(JSON.stringify(first)));
  });

  test('images wait for the foundation alone, which makes their repository', () => {
    expect(step(first, 'build').needs).toEqual(['foundation']);
    expect(step(first, 'build-2').needs).toEqual(['foundation']);
  });

  test('nothing is rolled out before every migration has run, one after the other', () => {
    expect(step(first, 'migration-schema').needs).toContain('migrations');
    expect(step(first, 'migration-seed').needs).toContain('migration-schema');
    expect(step(first, 'service').needs).toContain('migration-seed');
  });

  test('there is nothing to take a snapshot of, and nothing to return to', () => {
    expect(first.steps.some(({ kind }) => kind === 'snapshot-database')).toBe(false);
    expect(first.recovery?.returnsTo).toBeNull();
    expect(first.recovery?.steps.map(({ kind }) => kind)).toEqual(['destroy-stack', 'record-release']);
  });

  test('the foundation is synthesized without release, images and marker: it is the same for every release', () => {
    expect(step(first, 'foundation').inputs).toMatchObject({
      request: { release: null, images: {}, secretsMarker: null },
    });
  });
});

describe('a second deploy', () => {
  const second = plan(deployed);

  test('takes a snapshot before the migration that asks for one', () => {
    const snapshot = step(second, 'snapshot-schema');

    expect(snapshot.inputs).toMatchObject({
      instance: 'support-agent-production-postgres',
      reason: 'before-migration',
      tags: { 'agentctl:schema': 'alembic:1' },
    });
    expect(step(second, 'migration-schema').needs).toContain('snapshot-schema');
  });

  test('builds without waiting for the foundation: the repository is there', () => {
    expect(step(second, 'build').needs).toEqual([]);
  });

  test('returns to what served, as its record says, and proves it', () => {
    expect(second.recovery).toMatchObject({ returnsTo: 'r1', when: ['service', 'verify'], until: 'record' });
    expect(second.recovery?.steps.map(({ id }) => id)).toEqual(['return', 'verify-return', 'record-failure']);
    expect(step({ steps: second.recovery?.steps ?? [] }, 'return').inputs).toMatchObject({
      request: { release: 'r1', images: { '.': `${repository}@${digest('1')}` } },
    });
  });

  test('one that does not come up is recorded with the schema that its migrations have left', () => {
    expect(step({ steps: second.recovery?.steps ?? [] }, 'record-failure').inputs).toMatchObject({
      outcome: 'rolled-back',
      revisions: ['schema', 'seed'].map((name) => ({
        $ref: { step: `migration-${name}`, output: 'revision', orElse: null },
      })),
    });
  });

  test('does not build an image that the registry has', () => {
    const third = plan(built);

    expect(third.steps.some(({ kind }) => kind === 'build-image')).toBe(false);
    expect(step(third, 'record').inputs).toMatchObject({ digests: { api: digest('1'), worker: digest('2') } });
  });

  test('does nothing but prove it when nothing has changed', () => {
    const same = plan({ ...built, isUnchanged: true });

    expect(same.release).toBeNull();
    expect(same.steps.map(({ id }) => id)).toEqual(['verify']);
    expect(step(same, 'verify').inputs).toMatchObject({
      release: 'r1',
      services: [
        { name: 'api', image: `${repository}@${digest('1')}`, check: { path: '/health', readiness: true } },
        { name: 'worker', image: `${repository}@${digest('2')}`, check: null },
      ],
    });
  });

  test('a stack that was taken away leaves nothing to return to, whatever the ledger says', () => {
    const { foundation } = deployed.stacks;
    const after = plan({ ...deployed, stacks: foundation === undefined ? {} : { foundation } });

    expect(after.base.release).toBeNull();
    expect(after.release).toBe('r2');
    expect(after.recovery?.returnsTo).toBeNull();
  });

  test('the number of a record that cannot be read is taken', () => {
    expect(plan({ ...deployed, damaged: [{ id: 'r7' }] }).release).toBe('r8');
  });

  test('a release that failed is not what a failure returns to', () => {
    const records = [record('r1'), record('r2', { outcome: 'rolled-back', manifest: null })];
    const after = plan({ ...deployed, records });

    expect(after.release).toBe('r3');
    expect(after.recovery?.returnsTo).toBe('r1');
  });
});

describe('a part that the file no longer has', () => {
  const after = plan({ ...deployed, dropsParts: true });
  const removals = after.steps.flatMap(({ id, inputs }) =>
    typeof inputs === 'object' && inputs !== null && 'removal' in inputs ? [`${id} ${String(inputs['removal'])}`] : [],
  );

  test('stays until the release serves that does not use it, and goes last', () => {
    expect(removals).toEqual(['foundation later', 'migrations now', 'service now', 'clear due']);
    expect(after.steps.at(-1)).toMatchObject({ id: 'clear', needs: ['record'] });
  });

  test('is no step where nothing goes', () => {
    expect(plan(deployed).steps.map(({ id }) => id)).not.toContain('clear');
  });

  test('goes with the stack of migrations when there are none any more, as that imports it too', () => {
    const spec = { ...supportAgent, migrations: [] };
    const without = planDeploy({
      spec,
      stage: 'production',
      specHash: 'now',
      facts: { ...deployed, dropsParts: true },
      allowReplace: [],
    });
    expect(without.steps.slice(-2).map(({ id }) => id)).toEqual(['remove-migrations', 'clear']);
  });
});

describe('migrations alone', () => {
  test('need only their own image, and make no release', () => {
    const only = planMigrate({
      spec: supportAgent,
      stage: 'production',
      specHash: 'now',
      facts: deployed,
      allowReplace: [],
    });

    expect(only.release).toBeNull();
    expect(only.recovery).toBeNull();
    expect(only.steps.filter(({ kind }) => kind === 'build-image').map(({ inputs }) => inputs)).toMatchObject([
      { context: '.' },
    ]);
    expect(only.steps.at(-1)?.id).toBe('migration-seed');
  });
});

test('no plan holds a value of a secret, only names', () => {
  const text = JSON.stringify(plan(deployed));

  expect(text).not.toContain('"password":');
  expect(text).toContain('agentctl/support-agent/production/composed/');
});
