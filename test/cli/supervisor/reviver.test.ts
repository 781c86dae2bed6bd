import { expect, test } from 'vitest';
import { Reviver, revivalAfter } from '../../../cli/supervisor/reviver.js';

const running = { pid: 4711, exitCode: () => null, hasEnded: () => false };
const failed = { pid: 4711, exitCode: () => 1, hasEnded: () => true };

/** A process on a clock of its own; `lookAt` looks at it `seconds` after the beginning. */
function scene(child: typeof failed | typeof running) {
  let seconds = 0;
  const starts: number[] = [];
  const notes: string[] = [];
  const reviver = new Reviver({
    name: 'the supervisor',
    start: () => {
      starts.push(seconds);
      return Promise.resolve(child);
    },
    note: (text) => notes.push(text),
    now: () => seconds * 1000,
  });
  const lookAt = async (at: number, isAlive: boolean): Promise<void> => {
    seconds = at;
    await reviver.look(isAlive);
  };
  return { reviver, starts, notes, lookAt };
}

test('the first death is answered at once, the next ones more and more slowly', () => {
  const waits: number[] = [];
  let deaths = 0;
  for (let death = 0; death < 9; death += 1) {
    const next = revivalAfter(deaths, 1);
    waits.push(next.waitSeconds);
    deaths = next.deaths;
  }

  expect(waits).toEqual([0, 0.5, 1, 2, 4, 8, 16, 30, 30]);
});

test('a process that ran for ten seconds comes back at once, however often it died before', () => {
  expect(revivalAfter(7, 10)).toEqual({ deaths: 1, waitSeconds: 0 });
});

test('a process that runs is left alone', async () => {
  const { starts, lookAt } = scene(running);

  for (const at of [0, 1, 2]) await lookAt(at, true);

  expect(starts).toEqual([]);
});

test('one that is starting is not started twice', async () => {
  const { reviver, starts, lookAt } = scene(running);

  for (const at of [0, 1, 2]) await lookAt(at, false);

  expect(starts).toEqual([0]);
  expect(reviver.child).toBe(running);
});

test('one that cannot start is tried ever more rarely, and every try is told', async () => {
  const { starts, notes, lookAt } = scene(failed);

  for (let tenth = 0; tenth <= 80; tenth += 1) await lookAt(tenth / 10, false);

  expect(starts).toEqual([0, 0.1, 0.7, 1.8, 3.9, 8]);
  expect(notes.slice(0, 3)).toEqual([
    'the supervisor ended (exit 1); it is started again now',
    'the supervisor ended (exit 1); it is started again in 0.5 s',
    'the supervisor ended (exit 1); it is started again in 1 s',
  ]);
});
