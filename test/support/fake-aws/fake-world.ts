import type { CloudWorld } from '../cloud/cloud-world.js';

/** What all services of one fake share. Made by `startFakeAws`; nothing of it outlives the fake. */
export interface FakeWorld extends CloudWorld {
  readonly accountId: string;
  readonly region: string;
  /** The one state that `make` makes in this fake: services and resource types meet in it. */
  readonly state: <T>(make: (world: FakeWorld) => T) => T;
  /** `arn:aws:<service>:<region>:<account>:<resource>`; global services have no region. */
  readonly arn: (service: string, resource: string) => string;
}
