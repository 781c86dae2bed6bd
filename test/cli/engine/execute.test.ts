import { describe, expect, test } from 'vitest';
import * as z from 'zod';
import type { RunEvent } from '../../../cli/engine/events.js';
import { StepList } from '../../../cli/plan/plan-builder.js';
import { ifKnown, outputOf } from '../../../cli/plan/reference.js';
import { defineStep } from '../../../cli/plan/step.js';
import { planFrom, runInWorld, World } from '../../support/recording-world.js';

/** Yields what it was given. */
const tell = defineStep<World>()({
  kind: 'tell',
  inputs: z.strictObject({ b: z.number().nullable(), c: z.number().nullable() }),
  outputs: z.strictObject({ said: z.array(z.number().nullable()) }),
  describe: () => 'tell',
  run: ({ b, c }) => Promise.resolve({ said: [b, c] }),
});

const diamond = { a: [], b: ['a'], c: ['a'], d: ['b', 'c'] };

describe('order', () => {
  test.each([
    ['a chain', { a: [], b: ['a'], c: ['b'] }],
    ['a diamond', diamond],
    ['two roots', { a: [], b: [], c: ['a', 'b'] }],
  ])('%s: every step acts once, after what it consumes', async (_, arrows: Record<string, string[]>) => {
    const world = new World();

    const { result } = await runInWorld(planFrom(arrows), world);

    expect(result.outcome).toBe('succeeded');
    expect(world.acts.toSorted()).toEqual(Object.keys(arrows));
    for (const [step, needs] of Object.entries(arrows)) {
      for (const need of needs) expect(world.acts.indexOf(need)).toBeLessThan(world.acts.indexOf(step));
    }
  });

  test('steps that do not need each other run at once, up to the limit', async () => {
    const wide = { a: [], b: [], c: [], d: [] };
    const four = new World();
    const two = new World();
    const onePerKind = new World();

    await runInWorld(planFrom(wide), four);
    await runInWorld(planFrom(wide), two, { concurrency: { total: 2 } });
    await runInWorld(planFrom(wide), onePerKind, { concurrency: { total: 4, perKind: { act: 1 } } });

    expect([four.mostAtOnce, two.mostAtOnce, onePerKind.mostAtOnce]).toEqual([4, 2, 1]);
  });
});

describe('failure', () => {
  test('a failed step stops what has not started, and lets what runs end', async () => {
    const world = new World();
    world.failures.set('b', { times: 9, retryable: false });

    const { result } = await runInWorld(planFrom(diamond), world);

    expect(result.outcome).toBe('failed');
    expect(result.failure?.step).toBe('b');
    expect(world.acts).toEqual(['a', 'c']);
  });

  test('a retryable failure is tried again, after a check and a growing wait', async () => {
    const world = new World();
    world.failures.set('a', { times: 2, retryable: true });

    const { result, events, slept } = await runInWorld(planFrom({ a: [] }), world);

    expect(result.outcome).toBe('succeeded');
    expect(slept).toEqual([0.5, 1]);
    expect(events.map((event) => event.type)).toEqual([
      'run.started',
      'step.started',
      'step.retrying',
      'step.started',
      'step.retrying',
      'step.started',
      'step.log',
      'step.succeeded',
      'run.finished',
    ]);
  });

  test('what is not retryable is not retried', async () => {
    const world = new World();
    world.failures.set('a', { times: 1, retryable: false });

    const { result, slept } = await runInWorld(planFrom({ a: [] }), world);

    expect(result.outcome).toBe('failed');
    expect(slept).toEqual([]);
  });

  test('a step that throws something else fails as a bug, with its stack', async () => {
    const world = new World();
    const plan = planFrom({ a: [] });
    const broken = { ...plan, steps: plan.steps.map((step) => ({ ...step, inputs: { key: 3 } })) };

    const { result } = await runInWorld(broken, world);

    expect(result.failure?.failure.code).toBe('Bug');
    expect(result.failure?.failure.detail).toContain('ZodError');
  });
});

describe('interrupt', () => {
  test('nothing starts after the signal', async () => {
    const world = new World();
    const interrupt = new AbortController();

    const { result } = await runInWorld(planFrom({ a: [], b: ['a'], c: ['b'] }), world, {
      signal: interrupt.signal,
      onEvent: (event) => {
        if (event.type === 'step.succeeded' && event.step === 'a') interrupt.abort();
      },
    });

    expect(result.outcome).toBe('interrupted');
    expect(world.acts).toEqual(['a']);
  });

  test('a step that was started and needs recovery is taken back', async () => {
    const world = new World();
    const interrupt = new AbortController();

    const { result } = await runInWorld(planFrom({ a: [], b: ['a'], c: ['b'] }, ['b']), world, {
      signal: interrupt.signal,
      onEvent: (event) => {
        if (event.type === 'step.succeeded' && event.step === 'b') interrupt.abort();
      },
    });

    expect(result).toMatchObject({ outcome: 'interrupted', recovered: true });
    expect([...world.effects.keys()]).toEqual(['a']);
  });

  test('what outlives an interrupt is left to go on, and resumed; a time limit takes it back', async () => {
    const plan = planFrom({ a: [], b: ['a'], c: ['b'] }, ['b']);
    const outliving =
      plan.recovery === null ? plan : { ...plan, recovery: { ...plan.recovery, outlivesInterrupt: true } };
    const stopAfterB = async (world: World, reason: Error) => {
      const interrupt = new AbortController();
      return await runInWorld(outliving, world, {
        signal: interrupt.signal,
        onEvent: (event) => {
          if (event.type === 'step.succeeded' && event.step === 'b') interrupt.abort(reason);
        },
      });
    };
    const [left, limited] = [new World(), new World()];

    const { result, events } = await stopAfterB(left, new Error('Ctrl-C'));
    const taken = await stopAfterB(limited, new DOMException('too long', 'TimeoutError'));
    const resumed = await runInWorld(outliving, left, { history: events });

    expect(result).toMatchObject({ outcome: 'interrupted', isLeft: true });
    expect(result.recovered).toBeUndefined();
    expect(taken.result).toMatchObject({ outcome: 'interrupted', recovered: true });
    expect(resumed.result.outcome).toBe('succeeded');
    expect([...left.effects.values()]).toEqual([1, 1, 1]);
    expect([...limited.effects.keys()]).toEqual(['a']);
  });

  test('the second signal leaves recovery out', async () => {
    const world = new World();
    const interrupt = new AbortController();

    const { result } = await runInWorld(planFrom({ a: [], b: ['a'] }, ['a']), world, {
      signal: interrupt.signal,
      giveUp: interrupt.signal,
      onEvent: (event) => {
        if (event.type === 'step.succeeded') interrupt.abort();
      },
    });

    expect(result.recovered).toBeUndefined();
    expect([...world.effects.keys()]).toEqual(['a']);
  });
});

describe('recovery', () => {
  test('a failure after the guarded steps began runs the recovery', async () => {
    const world = new World();
    world.failures.set('c', { times: 9, retryable: false });

    const { result, events } = await runInWorld(planFrom({ a: [], b: ['a'], c: ['b'] }, ['b', 'c']), world);

    expect(result).toMatchObject({ outcome: 'failed', recovered: true, failure: { step: 'c' } });
    expect([...world.effects.keys()]).toEqual(['a']);
    expect(events.map((event) => event.type)).toContain('recovery.finished');
  });

  test('it may ask what the way there has yielded, and gets nothing of what has failed', async () => {
    const world = new World();
    world.failures.set('c', { times: 9, retryable: false });
    const list = new StepList();
    const [b, c] = [{ id: 'b' }, { id: 'c' }].map((step) =>
      ifKnown<number>(outputOf<{ count: number }, 'count'>(step, 'count')),
    );
    list.add('tell', tell, { b: b ?? 0, c: c ?? 0 });
    const plan = planFrom({ a: [], b: ['a'], c: ['b'] }, ['c']);
    const recovery = plan.recovery === null ? null : { ...plan.recovery, steps: list.steps };

    const { events } = await runInWorld({ ...plan, recovery }, world, { kinds: [tell] });

    expect(events.find((event) => event.type === 'step.succeeded' && event.step === 'tell')).toMatchObject({
      outputs: { said: [1, null] },
    });
  });

  test('a failure after the step that ends the way back takes nothing back', async () => {
    const world = new World();
    world.failures.set('c', { times: 9, retryable: false });

    const { result } = await runInWorld(planFrom({ a: [], b: ['a'], c: ['b'] }, ['a'], 'b'), world);

    expect(result).toMatchObject({ outcome: 'failed', failure: { step: 'c' } });
    expect(result.recovered).toBeUndefined();
    expect([...world.effects.keys()]).toEqual(['a', 'b']);
  });

  test('a failure before them does not', async () => {
    const world = new World();
    world.failures.set('a', { times: 9, retryable: false });

    const { result } = await runInWorld(planFrom({ a: [], b: ['a'] }, ['b']), world);

    expect(result.recovered).toBeUndefined();
  });

  test('a recovery that fails is told apart', async () => {
    const world = new World();
    world.failures.set('b', { times: 9, retryable: false });
    world.failures.set('undo b', { times: 9, retryable: false });

    const { result } = await runInWorld(planFrom({ a: [], b: ['a'] }, ['b']), world);

    expect(result).toMatchObject({ outcome: 'failed', recovered: false });
  });
});

describe('resume', () => {
  const plan = planFrom(diamond);

  test('cut after every event, a resumed run ends in the same state and acts on nothing twice', async () => {
    const whole = new World();
    const { events: all } = await runInWorld(plan, whole);

    for (let cut = 0; cut < all.length; cut++) {
      const world = new World();
      const recorded = await crashAfter(cut, world);

      const { result } = await runInWorld(plan, world, { history: recorded });

      expect(result.outcome, `cut after ${cut} events`).toBe('succeeded');
      expect(world.effects, `cut after ${cut} events`).toEqual(whole.effects);
      expect(new Set(world.acts).size, `cut after ${cut} events`).toBe(world.acts.length);
    }
  });

  test('outputs that were recorded are used again without a check', async () => {
    const world = new World();
    const { events } = await runInWorld(plan, world);
    const forgotten = new World();

    await runInWorld(plan, forgotten, { history: events });

    expect(forgotten.acts).toEqual([]);
  });

  test('after a recovery the steps that were taken back run again', async () => {
    const world = new World();
    const guarded = planFrom({ a: [], b: ['a'], c: ['b'] }, ['b', 'c']);
    world.failures.set('c', { times: 1, retryable: false });
    const first = await runInWorld(guarded, world);

    const second = await runInWorld(guarded, world, { history: first.events });

    expect(second.result.outcome).toBe('succeeded');
    expect(world.acts).toEqual(['a', 'b', 'b', 'c']);
  });

  test('what was built on them is looked at again, and not before they are back', async () => {
    const world = new World();
    const guarded = planFrom({ a: [], b: ['a'], c: ['b'], d: ['c'] }, ['b']);
    world.failures.set('d', { times: 1, retryable: false });
    const first = await runInWorld(guarded, world);

    const second = await runInWorld(guarded, world, { history: first.events });

    const told = second.events.flatMap((event) => ('step' in event ? [`${event.type} ${event.step}`] : []));
    expect(told.filter((text) => !text.startsWith('step.log'))).toEqual([
      'step.started b',
      'step.succeeded b',
      'step.started c',
      'step.succeeded c',
      'step.started d',
      'step.succeeded d',
    ]);
  });

  /** The process dies as the next event would have become durable: its effect may be there, its record is not. */
  async function crashAfter(count: number, world: World): Promise<readonly RunEvent[]> {
    const recorded: RunEvent[] = [];
    await new Promise<void>((died) => {
      void runInWorld(plan, world, {
        onEvent: async (event) => {
          if (recorded.length >= count) {
            died();
            await new Promise(() => undefined);
          }
          recorded.push(event);
        },
      });
    });
    return recorded;
  }
});
