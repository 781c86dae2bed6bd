import { setTimeout as delay } from 'node:timers/promises';
import type { FilteredLogEvent } from '@aws-sdk/client-cloudwatch-logs';
import { isAgentctlError } from '../../../errors.js';
import type { AwsClients } from '../clients/aws-clients.js';
import { awsErrorName } from '../clients/aws-failure.js';
import type { AwsLogLine, ReadLogOptions } from './log-tools.js';

/** How far back the last lines are looked for, further each time there were too few: CloudWatch reads forwards only. */
const windowsSeconds = [600, 3600, 6 * 3600, 24 * 3600, 7 * 24 * 3600];
/** A line is stored some seconds after its time; while following, this much is read again. */
const overlapMilliseconds = 15_000;

/** The last lines of a log, and what comes after them; see LogTools. */
export async function* readLog(
  clients: AwsClients,
  options: ReadLogOptions,
  pollSeconds: number,
): AsyncIterable<AwsLogLine> {
  const { tail, follow, signal } = options;
  const startedAt = Date.now();
  const last = tail > 0 ? await lastEvents(clients, options, startedAt) : [];
  const seen = new Map<string, number>(last.map(({ eventId = '', timestamp = 0 }) => [eventId, timestamp]));
  yield* last.slice(-tail).map(lineOf);
  if (!follow) return;
  let newest = last.at(-1)?.timestamp ?? startedAt;
  while (!signal.aborted) {
    await delay(pollSeconds * 1000, undefined, { signal }).catch(() => undefined);
    if (signal.aborted) return;
    const since = newest - overlapMilliseconds;
    const events = await newEvents(clients, options, since);
    for (const event of events) {
      if (seen.has(event.eventId ?? '')) continue;
      seen.set(event.eventId ?? '', event.timestamp ?? 0);
      newest = Math.max(newest, event.timestamp ?? 0);
      yield lineOf(event);
    }
    for (const [id, at] of seen) if (at < since) seen.delete(id);
  }
}

async function lastEvents(
  clients: AwsClients,
  options: ReadLogOptions,
  now: number,
): Promise<readonly FilteredLogEvent[]> {
  let found: readonly FilteredLogEvent[] = [];
  for (const seconds of windowsSeconds) {
    found = await filterEvents(clients, options, now - seconds * 1000);
    if (found.length >= options.tail) break;
  }
  return found;
}

/** That AWS cannot be asked for a moment ends nothing that is followed. */
async function newEvents(
  clients: AwsClients,
  options: ReadLogOptions,
  since: number,
): Promise<readonly FilteredLogEvent[]> {
  try {
    return await filterEvents(clients, options, since);
  } catch (error) {
    if (options.signal.aborted || (isAgentctlError(error) && error.retryable)) return [];
    throw error;
  }
}

async function filterEvents(
  clients: AwsClients,
  { group, streamPrefix, streams, signal: abortSignal }: ReadLogOptions,
  startTime: number,
): Promise<readonly FilteredLogEvent[]> {
  const logs = await clients.logs();
  const events: FilteredLogEvent[] = [];
  let nextToken: string | undefined;
  try {
    do {
      const page = await logs.filterLogEvents(
        {
          logGroupName: group,
          startTime: Math.max(0, startTime),
          nextToken,
          ...(streamPrefix === undefined ? {} : { logStreamNamePrefix: streamPrefix }),
          ...(streams === undefined ? {} : { logStreamNames: [...streams] }),
        },
        { abortSignal },
      );
      events.push(...(page.events ?? []));
      ({ nextToken } = page);
    } while (nextToken !== undefined);
  } catch (error) {
    if (awsErrorName(error) !== 'ResourceNotFoundException') throw error;
  }
  return events.toSorted((a, b) => (a.timestamp ?? 0) - (b.timestamp ?? 0));
}

function lineOf({ timestamp = 0, logStreamName: stream = '', message = '' }: FilteredLogEvent): AwsLogLine {
  return { at: new Date(timestamp).toISOString(), stream, text: message.replace(/\n$/, '') };
}
