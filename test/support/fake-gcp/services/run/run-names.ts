import { renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { FakeWorld } from '../../fake-world.js';

/** Names that processes find: those of Cloud SQL's private addresses and whatever a test publishes. */
export interface RunNames {
  /** JSON of name → addresses. */
  readonly file: string;
  publish(name: string, addresses: readonly string[]): void;
}

/** The names of one fake: `world.state(runNames)`. */
export function runNames(world: FakeWorld): RunNames {
  const file = join(world.directory, 'names.json');
  const names = new Map<string, readonly string[]>();
  const write = (): void => {
    writeFileSync(`${file}.next`, JSON.stringify(Object.fromEntries(names)));
    renameSync(`${file}.next`, file);
  };
  write();
  return {
    file,
    publish(name, addresses) {
      names.set(name, addresses);
      write();
    },
  };
}
