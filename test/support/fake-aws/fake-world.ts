/** What all services of one fake share. Made by `startFakeAws`; nothing of it outlives the fake. */
export interface FakeWorld {
  readonly accountId: string;
  readonly region: string;
  /** Where the fake listens: `http://localhost:PORT`. */
  readonly url: string;
  /** A directory of this fake, removed when it stops. */
  readonly directory: string;
  /** The one state that `make` makes in this fake: services and resource types meet in it. */
  readonly state: <T>(make: (world: FakeWorld) => T) => T;
  /** `arn:aws:<service>:<region>:<account>:<resource>`; global services have no region. */
  readonly arn: (service: string, resource: string) => string;
  /** Lower-case hex that no other call got. */
  readonly newId: (length?: number) => string;
  /** Work that goes on after its call was answered. `idle()` waits for it; its failure fails `stop()`. */
  readonly background: (work: Promise<void>) => void;
  /** Runs when the fake stops, the last one registered first. */
  readonly onStop: (close: () => Promise<void> | void) => void;
}
