import { describe, expect, test } from 'vitest';
import { planDestroy, type PlanDestroyOptions } from '../../../../cli/targets/aws/plan-destroy.js';

const options: PlanDestroyOptions = {
  scope: { name: 'support-agent', stage: 'production' },
  specHash: 'now',
  serving: 'r2',
  instance: 'support-agent-production-postgres',
  replaced: ['support-agent-production-postgres-old-20261101-101010-aaaa'],
  tags: {},
  alwaysKept: ['the ledger'],
  deleteData: false,
  finalBackup: true,
  runId: '20261120-101502000-3f9c',
  madeAt: '2026-11-20T10:15:02.000Z',
};

describe('without --delete-data', () => {
  test('only what runs is taken away; the foundation is named as kept', () => {
    const { steps } = planDestroy(options);

    expect(steps.map(({ id, inputs }) => [id, (inputs as { stack?: string }).stack])).toEqual([
      ['stop', 'service'],
      ['remove', 'migrations'],
    ]);
    expect(JSON.stringify(steps.at(-1)?.inputs)).toContain('the foundation stack');
  });
});

describe('with --delete-data', () => {
  const { steps } = planDestroy({ ...options, deleteData: true });

  test('a final snapshot is taken before anything is touched', () => {
    expect(steps[0]).toMatchObject({ id: 'backup', inputs: { reason: 'final' } });
    expect(steps.find(({ id }) => id === 'stop')?.needs).toEqual(['backup']);
  });

  test('data goes before its network, secrets last', () => {
    expect(steps.map(({ id }) => id)).toEqual([
      'backup',
      'stop',
      'migrations',
      'images',
      'database',
      'database-2',
      'remove',
      'secrets',
    ]);
    expect(steps.find(({ id }) => id === 'remove')?.needs).toEqual(['images', 'database', 'database-2']);
    expect(steps.find(({ id }) => id === 'remove')?.inputs).toMatchObject({ stack: 'foundation', unprotect: true });
  });

  test('without a final snapshot when that is wished, or when there is no database', () => {
    const quick = planDestroy({ ...options, deleteData: true, finalBackup: false });
    const without = planDestroy({ ...options, deleteData: true, instance: undefined });

    expect(quick.steps[0]?.id).toBe('stop');
    expect(without.steps[0]?.id).toBe('stop');
  });
});
