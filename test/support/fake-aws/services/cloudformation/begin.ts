import type { FakeWorld } from '../../fake-world.js';
import type { Stack } from './stack.js';

/** Lets an operation of a stack go on after its call was answered. The same token does nothing a second time. */
export function begin(world: FakeWorld, stack: Stack, token: string | undefined, run: () => Promise<void>): void {
  if (token !== undefined && stack.tokens.has(token)) return;
  if (token !== undefined) stack.tokens.add(token);
  stack.operation = { abort: new AbortController(), token };
  // Its status is one of progress before the caller hears of it.
  const running = run();
  world.background(running.finally(() => void (stack.operation = undefined)));
}
