import { pause } from '../pause.js';
import { probe } from './probe.js';
import type { ServiceManifest } from '../protocol.js';

/** How a replica is asked whether its process works at all. */
export type Liveness = NonNullable<ServiceManifest['health']['liveness']>;

/**
 * Asks a process that has become ready once, again and again. Resolves with what it last said when it has failed often
 * enough in a row, and with undefined when its life is over first.
 */
export async function untilNotAlive(
  { path, initialDelaySeconds, intervalSeconds, timeoutSeconds, failures }: Liveness,
  port: number,
  life: AbortSignal,
): Promise<string | undefined> {
  await pause(initialDelaySeconds, life);
  for (let failed = 0; !life.aborted; await pause(intervalSeconds, life)) {
    const result = await probe({ port, path, timeoutMilliseconds: timeoutSeconds * 1000 });
    failed = result.kind === 'passed' ? 0 : failed + 1;
    if (result.kind === 'failed' && failed >= failures && !life.aborted) return `GET ${path}: ${result.observed}`;
  }
  return undefined;
}
