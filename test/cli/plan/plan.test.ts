import { describe, expect, test } from 'vitest';
import * as z from 'zod';
import { PlanBuilder } from '../../../cli/plan/plan-builder.js';
import { parsePlan, type Plan } from '../../../cli/plan/plan.js';
import { fillReferences, outputOf, show } from '../../../cli/plan/reference.js';
import { assertSamePlan } from '../../../cli/plan/same-plan.js';
import { defineStep } from '../../../cli/plan/step.js';
import { planFrom } from '../../support/recording-world.js';

const make = defineStep<unknown>()({
  kind: 'make',
  inputs: z.strictObject({ from: z.string() }),
  outputs: z.strictObject({ path: z.string(), size: z.number() }),
  describe: ({ from }) => `make from ${show(from)}`,
  run: () => Promise.resolve({ path: 'x', size: 1 }),
});

describe('building', () => {
  test('what a step consumes is what it needs, and titles point at what is not known yet', () => {
    const builder = new PlanBuilder();
    const first = builder.add('first', make, { from: 'source' });
    builder.add('second', make, { from: outputOf(first, 'path') }, { after: [first] });

    expect(builder.steps.map(({ id, needs, title }) => ({ id, needs, title }))).toEqual([
      { id: 'first', needs: [], title: 'make from source' },
      { id: 'second', needs: ['first'], title: 'make from <first.path>' },
    ]);
  });

  test('the compiler knows the outputs of a step', () => {
    const builder = new PlanBuilder();
    const first = builder.add('first', make, { from: 'source' });
    // @ts-expect-error there is no such output
    outputOf(first, 'colour');
    // @ts-expect-error a number is not a text
    builder.add('second', make, { from: outputOf(first, 'size') });

    expect(builder.steps).toHaveLength(2);
  });

  test('a need that is not planned before, or an id twice, is a bug', () => {
    const builder = new PlanBuilder();
    builder.add('first', make, { from: 'source' });

    expect(() => builder.add('first', make, { from: 'source' })).toThrow('duplicate step id "first"');
    expect(() => builder.add('x', make, { from: { $ref: { step: 'later', output: 'path' } } })).toThrow(
      'needs "later"',
    );
  });

  test('an output that is null is null; what stands in for one that is not there does so', () => {
    const outputs = new Map([['first', { revision: null }]]);
    const reference = (step: string) => ({ $ref: { step, output: 'revision' } });

    expect(fillReferences({ a: reference('first') }, outputs)).toEqual({ a: null });
    expect(fillReferences({ a: reference('second') }, outputs)).toEqual({ a: undefined });
    expect(fillReferences({ a: { $ref: { ...reference('second').$ref, orElse: null } } }, outputs)).toEqual({
      a: null,
    });
  });

  test('references are filled in anywhere in the inputs', () => {
    const outputs = new Map([['first', { path: '/x' }]]);

    expect(fillReferences({ a: [{ $ref: { step: 'first', output: 'path' } }], b: 1 }, outputs)).toEqual({
      a: ['/x'],
      b: 1,
    });
  });
});

describe('reading a plan file', () => {
  test.each([
    ['not JSON', '{', 'it is not JSON'],
    ['nothing at all', '', 'it is empty'],
    ['an older version', '{"planVersion":0}', 'its planVersion is 0, this agentctl reads 1'],
    ['a newer version', '{"planVersion":2}', 'was written by a newer agentctl (planVersion 2, this one reads 1)'],
    ['another shape', '{"planVersion":1}', 'expected'],
  ])('%s is refused', (_, text, message) => {
    expect(() => parsePlan(text, 'plan.json')).toThrow(message);
  });
});

describe('a saved plan', () => {
  const plan = planFrom({ a: [], b: ['a'] });
  const changed = (change: Partial<Plan>): Plan => ({ ...plan, ...change });
  const digest = (text: string): Plan => changed({ steps: plan.steps.map((step) => ({ ...step, inputs: text })) });

  test('that says what would be planned now is good', () => {
    expect(() => assertSamePlan(plan, plan)).not.toThrow();
  });

  test.each([
    ['another stage', changed({ stage: 'staging' }), 'it is for test on local, stage staging'],
    ['another config', changed({ specHash: 'other' }), 'the config file has changed'],
    ['another base', changed({ base: { release: 'r3' } }), 'it was made when r3 served, and now nothing does'],
    ['another release', changed({ release: 'r9' }), 'the next release is r1, not r9'],
    ['another source', digest('sha256:aa'), 'the source has changed'],
  ])('for %s is stale', (_, saved, message) => {
    expect(() => assertSamePlan(saved, plan)).toThrow(expect.objectContaining({ code: 'PlanStale' }) as Error);
    expect(() => assertSamePlan(saved, plan)).toThrow(message);
  });

  test.each([
    ['a step left out', changed({ steps: plan.steps.slice(0, 1) }), 'the step "b" is missing'],
    ['other inputs', digest('rm -rf'), 'the step "a" differs'],
  ])('with %s is not ours', (_, saved, message) => {
    expect(() => assertSamePlan(saved, plan)).toThrow(expect.objectContaining({ code: 'PlanInvalid' }) as Error);
    expect(() => assertSamePlan(saved, plan)).toThrow(message);
  });
});
