import { setTimeout as delay } from 'node:timers/promises';
import * as z from 'zod';
import { isAgentctlError } from '../../../errors.js';
import type { Gcloud } from '../gcloud/gcloud.js';
import { logCommands } from './log-commands.js';
import type { RegionScope } from '../gcloud/region-scope.js';
import { logFilter } from './log-filter.js';
import { logCursor } from './log-cursor.js';
import { inOrder, lineOf, logEntry } from './log-entries.js';
import type { GcpLogLine, LogTools, ReadLogOptions } from './log-tools.js';

/** One call reads this many at most; whoever wants all of a task has them. */
const mostLines = 10_000;

/** Opens {@link LogTools}. */
export function openLogs(gcloud: Gcloud, { region }: RegionScope, pollSeconds: number): LogTools {
  return { lines: (options) => read(options) };

  async function* read({ of, tail, follow, signal }: ReadLogOptions): AsyncIterable<GcpLogLine> {
    const filter = logFilter(of, region);
    const startedAt = Date.now();
    const most = Math.min(tail, mostLines);
    const found =
      most === 0 ? [] : await gcloud.json(logCommands.newest(filter, most), z.array(logEntry).nullable(), { signal });
    const last = inOrder(found ?? []);
    yield* last.map(lineOf);
    if (!follow) return;
    const cursor = logCursor(gcloud, filter, last, startedAt);
    while (!signal.aborted) {
      await delay(pollSeconds * 1000, undefined, { signal }).catch(() => undefined);
      if (signal.aborted) return;
      yield* await cursor.next(signal).catch((error: unknown) => {
        // That Google cannot be asked for a moment ends nothing that is followed.
        if (signal.aborted || (isAgentctlError(error) && error.retryable)) return [];
        throw error;
      });
    }
  }
}
