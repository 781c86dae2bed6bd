import * as client from '@aws-sdk/client-cloudwatch-logs';
import type { FakeService } from '../../fake-service.js';
import type { FakeWorld } from '../../fake-world.js';
import { ServiceError } from '../../service-error.js';
import { filterLogEvents } from './filter-log-events.js';
import { getLogEvents } from './get-log-events.js';
import { type LogGroup, type LogStream, logStore } from './log-store.js';

/** CloudWatch Logs: what was put comes back; retention is recorded and removes nothing. */
export const logs: FakeService = { name: 'logs', protocol: 'json', client, operations };

function operations(world: FakeWorld) {
  const store = world.state(logStore);
  const groupOf = (input: { logGroupName?: string; logGroupIdentifier?: string }): LogGroup =>
    store.group(input.logGroupName ?? input.logGroupIdentifier ?? '');
  return {
    CreateLogGroup: ({ logGroupName = '', kmsKeyId }: client.CreateLogGroupCommandInput) => {
      store.createGroup(logGroupName, { kmsKeyId });
      return {};
    },
    DeleteLogGroup: (input: client.DeleteLogGroupCommandInput) => {
      store.groups.delete(groupOf(input).name);
      return {};
    },
    CreateLogStream: (input: client.CreateLogStreamCommandInput) => {
      store.createStream(groupOf(input), input.logStreamName ?? '');
      return {};
    },
    PutRetentionPolicy: (input: client.PutRetentionPolicyCommandInput) => {
      groupOf(input).retentionInDays = input.retentionInDays;
      return {};
    },
    DescribeLogGroups: ({
      logGroupNamePrefix = '',
      logGroupNamePattern = '',
    }: client.DescribeLogGroupsCommandInput) => ({
      logGroups: [...store.groups.values()]
        .filter(({ name }) => name.startsWith(logGroupNamePrefix) && name.includes(logGroupNamePattern))
        .map(groupView),
    }),
    DescribeLogStreams: (input: client.DescribeLogStreamsCommandInput) => {
      const found = [...groupOf(input).streams.values()]
        .filter(({ name }) => name.startsWith(input.logStreamNamePrefix ?? ''))
        .sort((a, b) =>
          input.orderBy === 'LastEventTime' ? lastEventTime(a) - lastEventTime(b) : a.name < b.name ? -1 : 1,
        );
      if (input.descending === true) found.reverse();
      return { logStreams: found.slice(0, input.limit ?? 50).map(streamView) };
    },
    PutLogEvents: (input: client.PutLogEventsCommandInput) => {
      const stream = store.stream(groupOf(input), input.logStreamName ?? '');
      store.put(
        stream,
        (input.logEvents ?? []).map(({ timestamp = Date.now(), message = '' }) => ({ timestamp, message })),
      );
      return { nextSequenceToken: String(stream.events.length) };
    },
    GetLogEvents: (input: client.GetLogEventsCommandInput) =>
      getLogEvents(store.stream(groupOf(input), input.logStreamName ?? ''), input),
    FilterLogEvents: (input: client.FilterLogEventsCommandInput) => {
      if (input.logStreamNames !== undefined && input.logStreamNamePrefix !== undefined) {
        throw new ServiceError(
          'InvalidParameterException',
          'LogStreamNamePrefix and LogStreamNames are mutually exclusive.',
        );
      }
      return filterLogEvents(groupOf(input), input);
    },
  };
}

function groupView(group: LogGroup): client.LogGroup {
  return {
    logGroupName: group.name,
    arn: `${group.arn}:*`,
    logGroupArn: group.arn,
    creationTime: group.createdAt,
    metricFilterCount: 0,
    storedBytes: 0,
    ...(group.retentionInDays === undefined ? {} : { retentionInDays: group.retentionInDays }),
    ...(group.kmsKeyId === undefined ? {} : { kmsKeyId: group.kmsKeyId }),
  };
}

function streamView(stream: LogStream): client.LogStream {
  const [first] = stream.events;
  return {
    logStreamName: stream.name,
    arn: stream.arn,
    creationTime: stream.createdAt,
    ...(first === undefined ? {} : { firstEventTimestamp: first.timestamp, lastEventTimestamp: lastEventTime(stream) }),
  };
}

function lastEventTime(stream: LogStream): number {
  return stream.events.at(-1)?.timestamp ?? 0;
}
