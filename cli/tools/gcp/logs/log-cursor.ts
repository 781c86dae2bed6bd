import * as z from 'zod';
import type { Gcloud } from '../gcloud/gcloud.js';
import { logCommands } from './log-commands.js';
import { inOrder, lineOf, logEntry, type LogEntry } from './log-entries.js';
import type { GcpLogLine } from './log-tools.js';

/** A line is stored some seconds after its time: this much is read again. */
const overlapMilliseconds = 30_000;

/** Reads a log from some moment on, as far as it goes at the time. */
export interface LogCursor {
  next(signal: AbortSignal): Promise<readonly GcpLogLine[]>;
}

/** Each line once. `seen`: entries that were shown already. */
export function logCursor(
  gcloud: Gcloud,
  filter: string,
  seen: readonly LogEntry[] = [],
  since = Date.now(),
): LogCursor {
  const known = new Set(seen.map(({ insertId }) => insertId));
  let newest = Math.max(since, ...seen.map(({ timestamp }) => Date.parse(timestamp)));
  return {
    async next(signal) {
      const from = new Date(newest - overlapMilliseconds).toISOString();
      const entries = await gcloud.json(logCommands.since(filter, from), z.array(logEntry).nullable(), { signal });
      const fresh = inOrder((entries ?? []).filter(({ insertId }) => !known.has(insertId)));
      for (const { insertId, timestamp } of fresh) {
        known.add(insertId);
        newest = Math.max(newest, Date.parse(timestamp));
      }
      return fresh.map(lineOf);
    },
  };
}
