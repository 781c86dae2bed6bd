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

/** Which steps fail, how often, and whether trying again may help. */
const failures = fc.dictionary(
  fc.constantFrom(...names),
  fc.record({ times: fc.integer({ min: 1, max: 4 }), retryable: fc.boolean() }),
  { maxKeys: 3 },
);

/** After how many recorded events each life of the process ends. */
const deaths = fc.array(fc.nat(25), { maxLength: 4 });

/** How many of the last steps are taken back when one of them fails. */
const guarded = fc.nat(3);

const scenario = fc.record({ arrows, failures, deaths, guarded, total: fc.integer({ min: 1, max: 4 }) });

test(
  'any plan, any faults, any deaths: resumed to its end, every effect is there once, in order',
  { timeout: 120_000 },
  async () => {
    await fc.assert(
      fc.asyncProperty(scenario, async ({ arrows, failures, deaths, guarded, total }) => {
        const steps = Object.keys(arrows);
        const undone = guarded === 0 ? [] : steps.slice(-guarded);
        const plan = planFrom(arrows, undone);
        const world = new World();
        for (const [step, failure] of Object.entries(failures)) world.failures.set(step, { ...failure });

        let history: readonly RunEvent[] = [];
        for (const death of deaths) history = [...history, ...(await eventsUntilDeath(death, history, world))];
        // Each further run uses up at least one of the failures that are left.
        let outcome = '';
        for (let run = 0; run < 20 && outcome !== 'succeeded'; run++) {
          const { result, events } = await runInWorld(plan, world, { history, concurrency: { total } });
          history = [...history, ...events];
          outcome = result.outcome;
          if (result.recovered === true) expect(undone.filter((step) => world.effects.has(step))).toEqual([]);
          assertNothingAfterFailure(events);
        }

        expect(outcome).toBe('succeeded');
        expect(Object.fromEntries(world.effects)).toEqual(Object.fromEntries(steps.map((step) => [step, 1])));
        for (const [step, needs] of Object.entries(arrows)) {
          for (const need of needs) expect(world.acts.lastIndexOf(need)).toBeLessThan(world.acts.lastIndexOf(step));
        }
        expect(world.mostAtOnce).toBeLessThanOrEqual(4);
        const again = await runInWorld(plan, world, { history });
        expect(again.events.map((event) => event.type)).toEqual(['run.started', 'run.finished']);

        async function eventsUntilDeath(count: number, past: readonly RunEvent[], place: World) {
          const recorded: RunEvent[] = [];
          await new Promise<void>((over) => {
            void runInWorld(plan, place, {
              history: past,
              concurrency: { total },
              onEvent: async (event) => {
                if (recorded.length >= count) {
                  over();
                  await new Promise(() => undefined);
                }
                recorded.push(event);
              },
            }).then(() => over());
          });
          place.running = 0;
          return recorded;
        }
      }),
      { numRuns: 1000 },
    );
  },
);

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
