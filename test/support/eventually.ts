import { setTimeout as sleep } from 'node:timers/promises';

/** So long that it only passes when something hangs, also on a machine that is busy with something else. */
const usualSeconds = 60;

/** Asks again and again until there is a truthy answer. */
export async function eventually<T>(ask: () => Promise<T> | T, withinSeconds = usualSeconds): Promise<NonNullable<T>> {
  const deadline = performance.now() + withinSeconds * 1000;
  for (;;) {
    const answer = await ask();
    if (answer !== undefined && answer !== null && answer !== false) return answer;
    if (performance.now() >= deadline) throw new Error(`nothing within ${withinSeconds} s: ${ask.toString()}`);
    await sleep(20);
  }
}
