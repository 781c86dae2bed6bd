import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { CloudWorld } from './cloud-world.js';

/** A world and what only its owner does with it. */
export interface OwnedWorld<World> {
  readonly world: World;
  readonly idle: () => Promise<void>;
  /** Ends it; returns what went wrong in the background. */
  readonly close: () => Promise<readonly unknown[]>;
}

/** A world with a directory of its own; what the cloud adds to it comes from `extend`. */
export async function makeCloudWorld<Extension extends object>(
  name: string,
  url: string,
  extension: Extension,
): Promise<OwnedWorld<CloudWorld & Extension & { readonly state: <T>(make: (world: never) => T) => T }>> {
  const directory = await mkdtemp(join(tmpdir(), `${name}-`));
  const states = new Map<unknown, unknown>();
  const ids = new Set<string>();
  const running = new Set<Promise<void>>();
  const closers: (() => Promise<void> | void)[] = [() => rm(directory, { recursive: true, force: true })];
  const problems: unknown[] = [];
  const world = {
    ...extension,
    url,
    directory,
    state<T>(make: (world: never) => T): T {
      if (!states.has(make)) states.set(make, make(world as never));
      return states.get(make) as T;
    },
    newId(length = 8): string {
      for (;;) {
        const id = randomBytes(length).toString('hex').slice(0, length);
        if (ids.has(id)) continue;
        ids.add(id);
        return id;
      }
    },
    background(work: Promise<void>): void {
      const watched = work.catch((error: unknown) => void problems.push(error)).finally(() => running.delete(watched));
      running.add(watched);
    },
    onStop: (close: () => Promise<void> | void): void => void closers.push(close),
  };
  return {
    world,
    async idle() {
      while (running.size > 0) await Promise.all(running);
    },
    async close() {
      for (const close of closers.reverse()) {
        try {
          await close();
        } catch (error) {
          problems.push(error);
        }
      }
      return problems;
    },
  };
}
