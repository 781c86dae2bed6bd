import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import type { RunEvent } from '../../../cli/engine/events.js';
import { planFrom, runInWorld, World } from '../../support/recording-world.js';

const names = ['a', 'b', 'c', 'd', 'e', 'f', 'g'];

/** A plan of up to seven steps, each consuming any of those before it. */
const arrows = fc.array(fc.array(fc.nat(6), { maxLength: 3 }), { minLength: 1, maxLength: names.length }).map((needs) =>
  Object.fromEntries(
    needs.map((indexes, step) => {
      const earlier = indexes.filter((index) => index < step).map((index) => names[index] ?? '');
      return [names[step] ?? '', [...new Set(earlier)]];
    }),
  ),
);

/** Which steps fail, how often, whether trying again may help, and whether they fail by never coming to an end. */
const failures = fc.dictionary(
  fc.constantFrom(...names),
  fc.record({ times: fc.integer({ min: 1, max: 4 }), retryable: fc.boolean(), hangs: fc.boolean() }),
  { maxKeys: 3 },
);

/** After how many recorded events each life of the process is hit, and by what. */
const lives = fc.array(
  fc.record({
    events: fc.nat(25),
    hit: fc.constantFrom('killed' as const, 'interrupted' as const, 'gave up' as const),
  }),
  { maxLength: 5 },
);

const someSteps = fc.uniqueArray(fc.constantFrom(...names), { maxLength: 4 });

const scenario = fc.record({
  arrows,
  failures,
  lives,
  /** Steps that are taken back when something fails. */
  guarded: someSteps,
  /** The step after which nothing is taken back any more. */
  until: fc.option(fc.constantFrom(...names), { nil: undefined }),
  /** Steps that cannot look whether they are done. */
  blind: someSteps,
  total: fc.integer({ min: 1, max: 4 }),
});

test(
  'any plan, any faults, any deaths: resumed to its end, every effect is there once, in order',
  { timeout: 120_000 },
  async () => {
    await fc.assert(
      fc.asyncProperty(scenario, async ({ arrows, failures, lives, guarded, until, blind, total }) => {
        const steps = Object.keys(arrows);
        const undone = guarded.filter((step) => steps.includes(step));
        const plan = planFrom(arrows, undone, until, blind);
        const world = new World();
        // Only a step with a time limit may hang.
        for (const [step, { hangs, ...failure }] of Object.entries(failures)) {
          world.failures.set(step, { ...failure, hangs: hangs && blind.includes(step) });
        }

        let history: readonly RunEvent[] = [];
        for (const life of lives) history = [...history, ...(await eventsOf(life, history))];
        // Each further run uses up at least one of the failures that are left.
        let outcome = '';
        for (let run = 0; run < 20 && outcome !== 'succeeded'; run++) {
          const { result, events } = await runInWorld(plan, world, { history, concurrency: { total } });
          history = [...history, ...events];
          outcome = result.outcome;
          if (result.recovered === true) expect(undone.filter((step) => world.effects.has(step))).toEqual([]);
          assertNothingAfterFailure(events);
          assertOrder(arrows, events);
        }

        expect(outcome).toBe('succeeded');
        expect(Object.fromEntries(world.effects)).toEqual(Object.fromEntries(steps.map((step) => [step, 1])));
        for (const [step, needs] of Object.entries(arrows)) {
          for (const need of needs) expect(world.acts.indexOf(need)).toBeLessThan(world.acts.indexOf(step));
        }
        expect(world.mostAtOnce).toBeLessThanOrEqual(4);
        const again = await runInWorld(plan, world, { history });
        expect(again.events.map((event) => event.type)).toEqual(['run.started', 'run.finished']);

        /** What is recorded of a run that is hit: nothing more when it is killed, its winding down when it is told. */
        async function eventsOf({ events: count, hit }: { events: number; hit: string }, past: readonly RunEvent[]) {
          const recorded: RunEvent[] = [];
          const interrupted = new AbortController();
          const gaveUp = new AbortController();
          await new Promise<void>((over) => {
            void runInWorld(plan, world, {
              history: past,
              concurrency: { total },
              signal: interrupted.signal,
              giveUp: gaveUp.signal,
              onEvent: async (event) => {
                if (recorded.length >= count) {
                  if (hit === 'killed') {
                    over();
                    await new Promise(() => undefined);
                  }
                  interrupted.abort();
                  if (hit === 'gave up') gaveUp.abort();
                }
                recorded.push(event);
              },
            }).then(() => over());
          });
          world.running = 0;
          return recorded;
        }
      }),
      { numRuns: 1000 },
    );
  },
);

/** Within a run a step begins when all it needs, directly or not, is done: in this run, or in an earlier one and not begun again. */
function assertOrder(arrows: Readonly<Record<string, readonly string[]>>, events: readonly RunEvent[]): void {
  const main = events.findLastIndex(({ type }) => type === 'run.started');
  const placeOf = (type: RunEvent['type'], step: string): number =>
    events.findIndex((event, index) => index > main && event.type === type && 'step' in event && event.step === step);
  const allNeeds = (step: string): readonly string[] =>
    (arrows[step] ?? []).flatMap((need) => [need, ...allNeeds(need)]);
  for (const step of Object.keys(arrows)) {
    const started = placeOf('step.started', step);
    if (started === -1) continue;
    for (const need of allNeeds(step)) {
      if (placeOf('step.started', need) === -1) continue;
      const done = placeOf('step.succeeded', need);
      expect(done, `${step} began before ${need} was done`).toBeGreaterThan(-1);
      expect(done, `${step} began before ${need} was done`).toBeLessThan(started);
    }
  }
}

/** Once a step has failed for good, nothing that was not running yet begins. */
function assertNothingAfterFailure(events: readonly RunEvent[]): void {
  const failed = events.findIndex((event) => event.type === 'step.failed');
  if (failed === -1) return;
  const before = new Set(
    events.slice(0, failed).flatMap((event) => (event.type === 'step.started' ? [event.step] : [])),
  );
  const after = events.slice(failed).flatMap((event) => (event.type === 'step.started' ? [event.step] : []));
  expect(after.filter((step) => !before.has(step) && !step.startsWith('undo-'))).toEqual([]);
}
