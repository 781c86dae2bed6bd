import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { FakeWorld } from './fake-world.js';

/** A world and what only its owner does with it. */
export interface OwnedWorld {
  readonly world: FakeWorld;
  readonly idle: () => Promise<void>;
  /** Ends it; returns what went wrong in the background. */
  readonly close: () => Promise<readonly unknown[]>;
}

const globalServices = ['iam', 's3'];

export async function makeWorld(url: string, accountId: string, region: string): Promise<OwnedWorld> {
  const directory = await mkdtemp(join(tmpdir(), 'fake-aws-'));
  const states = new Map<unknown, unknown>();
  const ids = new Set<string>();
  const running = new Set<Promise<void>>();
  const closers: (() => Promise<void> | void)[] = [() => rm(directory, { recursive: true, force: true })];
  const problems: unknown[] = [];
  const world: FakeWorld = {
    accountId,
    region,
    url,
    directory,
    state<T>(make: (world: FakeWorld) => T): T {
      if (!states.has(make)) states.set(make, make(world));
      return states.get(make) as T;
    },
    arn: (service, resource) =>
      service === 's3'
        ? `arn:aws:s3:::${resource}`
        : `arn:aws:${service}:${globalServices.includes(service) ? '' : region}:${accountId}:${resource}`,
    newId(length = 8) {
      for (;;) {
        const id = randomBytes(length).toString('hex').slice(0, length);
        if (ids.has(id)) continue;
        ids.add(id);
        return id;
      }
    },
    background(work) {
      const watched = work.catch((error: unknown) => void problems.push(error)).finally(() => running.delete(watched));
      running.add(watched);
    },
    onStop: (close) => void closers.push(close),
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
