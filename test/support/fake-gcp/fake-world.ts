import type { CloudWorld } from '../cloud/cloud-world.js';

/** What all services of one fake share. Made by `startFakeGcp`; nothing of it outlives the fake. */
export interface FakeWorld extends CloudWorld {
  readonly project: string;
  /** Twelve digits. */
  readonly projectNumber: string;
  /** Where things are that do not say it. */
  readonly region: string;
  /** What callers have to show: `Authorization: Bearer …`, and the password of the registry. */
  readonly accessToken: string;
  /** The one state that `make` makes in this fake: services and resource types meet in it. */
  readonly state: <T>(make: (world: FakeWorld) => T) => T;
}
