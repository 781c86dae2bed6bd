import type { GetLogEventsCommandInput, OutputLogEvent } from '@aws-sdk/client-cloudwatch-logs';
import { ServiceError } from '../../service-error.js';
import type { LogStream } from './log-store.js';

/** https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_GetLogEvents.html */
const mostEvents = 10_000;

/** A page. The same forward token comes back when there is nothing new. */
export function getLogEvents(
  stream: LogStream,
  { nextToken, limit = mostEvents, startFromHead = false, startTime = 0, endTime = Infinity }: GetLogEventsCommandInput,
): { events: OutputLogEvent[]; nextForwardToken: string; nextBackwardToken: string } {
  const events = stream.events.filter(({ timestamp }) => timestamp >= startTime && timestamp < endTime);
  const [from, to] = range(events.length, nextToken, limit, startFromHead);
  return {
    events: events
      .slice(from, to)
      .map(({ timestamp, message, ingestionTime }) => ({ timestamp, message, ingestionTime })),
    nextForwardToken: `f/${to}`,
    nextBackwardToken: `b/${from}`,
  };
}

function range(
  count: number,
  token: string | undefined,
  limit: number,
  startFromHead: boolean,
): readonly [number, number] {
  if (token === undefined) return startFromHead ? [0, Math.min(limit, count)] : [Math.max(0, count - limit), count];
  const [, direction, text] = /^([fb])\/(\d+)$/.exec(token) ?? [];
  if (text === undefined) throw new ServiceError('InvalidParameterException', 'The specified nextToken is invalid.');
  const at = Math.min(Number(text), count);
  return direction === 'f' ? [at, Math.min(at + limit, count)] : [Math.max(0, at - limit), at];
}
