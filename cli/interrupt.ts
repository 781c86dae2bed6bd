import { setMaxListeners } from 'node:events';

/** The two stages of an interrupt. */
export interface Interrupt {
  /** Aborted at the first SIGINT or SIGTERM: start nothing more, wind down. */
  readonly signal: AbortSignal;
  /** Aborted at the second: do not even wind down. */
  readonly giveUp: AbortSignal;
  dispose(): void;
}

/** The part of `process` that signals need. */
export type SignalSource = Pick<NodeJS.Process, 'on' | 'off' | 'kill' | 'pid'>;

/** How long the second interrupt waits for the process to end by itself. */
const patienceMilliseconds = 1_000;

/**
 * Listens for SIGINT and SIGTERM. `on`, not `once`: a listener that is gone gives the second signal its default action,
 * which kills the process while it still holds the lock.
 */
export function listenForInterrupts(process: SignalSource, onFirst: (signal: string) => void): Interrupt {
  const first = new AbortController();
  const second = new AbortController();
  // However many calls to a cloud are under way at once: none of them is a leak.
  setMaxListeners(0, first.signal, second.signal);
  const listener = (name: NodeJS.Signals): void => {
    if (!first.signal.aborted) {
      onFirst(name);
      first.abort();
      return;
    }
    second.abort();
    const forced = setTimeout(() => {
      dispose();
      process.kill(process.pid, name);
    }, patienceMilliseconds);
    forced.unref();
  };
  const dispose = (): void => {
    process.off('SIGINT', listener);
    process.off('SIGTERM', listener);
  };
  process.on('SIGINT', listener);
  process.on('SIGTERM', listener);
  return { signal: first.signal, giveUp: second.signal, dispose };
}

/** An interrupt that a time limit triggers as well. */
export interface TimedInterrupt extends Interrupt {
  /** Whether it was the time limit. */
  readonly timedOut: () => boolean;
}

/** Adds a limit on the whole run. @param seconds undefined: none */
export function withTimeout(interrupt: Interrupt, seconds: number | undefined): TimedInterrupt {
  if (seconds === undefined) return { ...interrupt, timedOut: () => false };
  const limit = AbortSignal.timeout(seconds * 1000);
  return {
    ...interrupt,
    signal: AbortSignal.any([interrupt.signal, limit]),
    timedOut: () => limit.aborted && !interrupt.signal.aborted,
  };
}
