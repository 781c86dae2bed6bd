import { setTimeout as sleep } from 'node:timers/promises';

/** Asks again and again until there is a truthy answer. */
export async function eventually<T>(ask: () => Promise<T> | T, withinSeconds = 10): Promise<NonNullable<T>> {
  const deadline = performance.now() + withinSeconds * 1000;
  for (;;) {
    const answer = await ask();
    if (answer !== undefined && answer !== null && answer !== false) return answer;
    if (performance.now() >= deadline) throw new Error(`nothing within ${withinSeconds} s: ${ask.toString()}`);
    await sleep(20);
  }
}
