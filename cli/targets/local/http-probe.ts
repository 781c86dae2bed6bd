import { messageOf } from '../../errors.js';
import type { ProbeAnswer } from '../../steps/local/local-tools.js';
import { releaseHeader } from '../../supervisor/protocol.js';

/** A health check that takes longer than this has failed: load balancers give up after 5 s by default as well. */
const timeoutMilliseconds = 5_000;

/** One HTTP GET, as a value whatever happens. */
export async function httpProbe(
  url: string,
  signal: AbortSignal,
  headers: Readonly<Record<string, string>> = {},
): Promise<ProbeAnswer> {
  try {
    const response = await fetch(url, {
      redirect: 'manual',
      headers: { ...headers, connection: 'close' },
      signal: AbortSignal.any([signal, AbortSignal.timeout(timeoutMilliseconds)]),
    });
    const body = await response.text();
    return {
      kind: 'answered',
      status: response.status,
      release: response.headers.get(releaseHeader) ?? undefined,
      body,
    };
  } catch (error) {
    const cause = error instanceof Error ? error.cause : undefined;
    return { kind: 'unreachable', reason: messageOf(cause ?? error) };
  }
}
