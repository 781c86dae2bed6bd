import type { FilteredLogEvent, FilterLogEventsCommandInput } from '@aws-sdk/client-cloudwatch-logs';
import type { LogGroup } from './log-store.js';

/** https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_FilterLogEvents.html */
const mostEvents = 10_000;

/** A page of the events of many streams, by time. Of filter patterns only words are known: all have to occur. */
export function filterLogEvents(
  group: LogGroup,
  input: FilterLogEventsCommandInput,
): { events: FilteredLogEvent[]; nextToken?: string } {
  const { logStreamNames, logStreamNamePrefix = '', startTime = 0, endTime = Infinity, limit = mostEvents } = input;
  const words = [...(input.filterPattern ?? '').matchAll(/"([^"]*)"|(\S+)/g)].map(([, quoted, bare]) => quoted ?? bare);
  const events = [...group.streams.values()]
    .filter(({ name }) => logStreamNames?.includes(name) ?? name.startsWith(logStreamNamePrefix))
    .flatMap((stream) => stream.events.map((event) => ({ ...event, logStreamName: stream.name })))
    .filter(({ timestamp }) => timestamp >= startTime && timestamp <= endTime)
    .filter(({ message }) => words.every((word) => word !== undefined && message.includes(word)))
    .sort((a, b) => a.timestamp - b.timestamp || (a.eventId < b.eventId ? -1 : 1));
  const from = input.nextToken === undefined ? 0 : Number(input.nextToken);
  const to = from + limit;
  return { events: events.slice(from, to), ...(to < events.length ? { nextToken: String(to) } : {}) };
}
