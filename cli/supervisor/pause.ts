import { setTimeout as sleep } from 'node:timers/promises';

/** Waits, or returns early when the signal fires. */
export async function pause(seconds: number, signal: AbortSignal): Promise<void> {
  await sleep(seconds * 1000, undefined, { signal }).catch(() => undefined);
}
