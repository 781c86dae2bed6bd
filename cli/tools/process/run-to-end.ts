import type { SpawnOptions } from './spawn.js';
import { type ProcessEnd, startProcess } from './start-process.js';

/** A short command after it has ended. */
export interface CompletedProcess extends ProcessEnd {
  /** Standard output and error, in the order they came. */
  readonly output: string;
}

/** Runs a short command to its end; SIGTERM after `timeoutSeconds`. A failing exit code is a result, not an exception. */
export async function runToEnd(
  options: Omit<SpawnOptions, 'stdio'> & { readonly timeoutSeconds: number },
): Promise<CompletedProcess> {
  const chunks: Buffer[] = [];
  const running = await startProcess({ ...options, onOutput: (_stream, chunk) => chunks.push(chunk) });
  const timer = setTimeout(() => void running.stop({ graceSeconds: 2 }), options.timeoutSeconds * 1000);
  try {
    const end = await running.ended;
    return { ...end, output: Buffer.concat(chunks).toString('utf8') };
  } finally {
    clearTimeout(timer);
  }
}
