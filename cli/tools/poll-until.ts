import { setTimeout as delay } from 'node:timers/promises';
import { isAgentctlError } from '../errors.js';

export interface PollOptions {
  readonly pollSeconds: number;
  readonly signal: AbortSignal;
  /** How long the cloud may be unreachable, or throttle, before that ends the wait. @default 300 */
  readonly patienceSeconds?: number;
}

const defaultPatienceSeconds = 300;

/**
 * Looks until there is something to see. That the cloud cannot be asked for a while says nothing about what is waited for: it
 * is asked again.
 *
 * @throws what `look` throws when it is final, or when nothing else has come for `patienceSeconds`; the signal's reason
 */
export async function pollUntil<T>(look: () => Promise<T | undefined>, options: PollOptions): Promise<T> {
  const { pollSeconds, signal, patienceSeconds = defaultPatienceSeconds } = options;
  let answeredAt = performance.now();
  for (;;) {
    signal.throwIfAborted();
    try {
      const found = await look();
      if (found !== undefined) return found;
      answeredAt = performance.now();
    } catch (error) {
      signal.throwIfAborted();
      const isTransient = isAgentctlError(error) && error.retryable;
      if (!isTransient || performance.now() - answeredAt > patienceSeconds * 1000) throw error;
    }
    await delay(pollSeconds * 1000, undefined, { signal }).catch(() => undefined);
  }
}
