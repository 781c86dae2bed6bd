/** What the services of one fake cloud share. Nothing of it outlives the fake. */
export interface CloudWorld {
  /** Where the fake listens: `http://127.0.0.1:PORT`. */
  readonly url: string;
  /** A directory of this fake, removed when it stops. */
  readonly directory: string;
  /** Lower-case hex that no other call got. */
  readonly newId: (length?: number) => string;
  /** Work that goes on after its call was answered. `idle()` waits for it; its failure fails `stop()`. */
  readonly background: (work: Promise<void>) => void;
  /** Runs when the fake stops, the last one registered first. */
  readonly onStop: (close: () => Promise<void> | void) => void;
}
