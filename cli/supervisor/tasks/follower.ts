import type { LogBook } from '../logs/log-book.js';

/** Somebody who watches a task. */
export interface Watcher {
  /** Takes what the task prints, masked. A promise: not to be given more before it resolves. */
  take(stream: 'out' | 'err', bytes: Buffer): Promise<void> | undefined;
  /** Ends the watching: whatever it has not taken is lost, and what {@link Watcher.take} returned resolves. */
  leave(): void;
}

/** A watcher as its task sees it. */
export interface Follower {
  write(stream: 'out' | 'err', chunk: Buffer): void;
  /** While the watcher has not taken what it was given. */
  holdUp(stream: 'out' | 'err'): Promise<void> | undefined;
  /** Gives it what was held back because a secret might have begun there. */
  finish(): Promise<void>;
  letGo(): void;
}

/** Gives the output of one task to its watcher, with all known secrets masked. */
export function createFollower(logs: LogBook, watcher: Watcher): Follower {
  const masks = { out: logs.maskedStream(), err: logs.maskedStream() };
  const taking: { out: Promise<void> | undefined; err: Promise<void> | undefined } = { out: undefined, err: undefined };
  const give = (stream: 'out' | 'err', bytes: Buffer): void => {
    if (bytes.length > 0) taking[stream] = watcher.take(stream, bytes);
  };
  return {
    write: (stream, chunk) => give(stream, masks[stream].push(chunk)),
    holdUp: (stream) => taking[stream],
    async finish() {
      give('out', masks.out.finish());
      give('err', masks.err.finish());
      await Promise.all([taking.out, taking.err]);
    },
    letGo: () => watcher.leave(),
  };
}
