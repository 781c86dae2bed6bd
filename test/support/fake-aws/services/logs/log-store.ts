import { ServiceError } from '../../service-error.js';
import type { FakeWorld } from '../../fake-world.js';

/** One line as CloudWatch Logs keeps it; times are milliseconds since 1970. */
export interface StoredLogEvent {
  readonly eventId: string;
  readonly timestamp: number;
  readonly ingestionTime: number;
  readonly message: string;
}

export interface LogStream {
  readonly name: string;
  readonly arn: string;
  readonly createdAt: number;
  readonly events: StoredLogEvent[];
}

export interface LogGroup {
  readonly name: string;
  readonly arn: string;
  readonly createdAt: number;
  retentionInDays: number | undefined;
  kmsKeyId: string | undefined;
  readonly streams: Map<string, LogStream>;
}

/** Groups by name. */
export interface LogStore {
  readonly groups: Map<string, LogGroup>;
  createGroup(name: string, options?: { readonly kmsKeyId?: string | undefined }): LogGroup;
  /** @throws ServiceError ResourceNotFoundException */
  group(name: string): LogGroup;
  createStream(group: LogGroup, name: string): LogStream;
  /** @throws ServiceError ResourceNotFoundException */
  stream(group: LogGroup, name: string): LogStream;
  put(stream: LogStream, events: readonly { readonly timestamp: number; readonly message: string }[]): void;
}

/** The logs of one fake: `world.state(logStore)`. */
export function logStore(world: FakeWorld): LogStore {
  const groups = new Map<string, LogGroup>();
  let count = 0;
  return {
    groups,
    createGroup(name, options = {}) {
      if (groups.has(name)) {
        throw new ServiceError('ResourceAlreadyExistsException', 'The specified log group already exists');
      }
      const group: LogGroup = {
        name,
        arn: world.arn('logs', `log-group:${name}`),
        createdAt: Date.now(),
        retentionInDays: undefined,
        kmsKeyId: options.kmsKeyId,
        streams: new Map(),
      };
      groups.set(name, group);
      return group;
    },
    group(name) {
      const found = groups.get(name) ?? [...groups.values()].find(({ arn }) => arn === name.replace(/:\*$/, ''));
      if (found === undefined) {
        throw new ServiceError('ResourceNotFoundException', 'The specified log group does not exist.');
      }
      return found;
    },
    createStream(group, name) {
      if (group.streams.has(name)) {
        throw new ServiceError('ResourceAlreadyExistsException', 'The specified log stream already exists');
      }
      const stream = { name, arn: `${group.arn}:log-stream:${name}`, createdAt: Date.now(), events: [] };
      group.streams.set(name, stream);
      return stream;
    },
    stream(group, name) {
      const found = group.streams.get(name);
      if (found === undefined) {
        throw new ServiceError('ResourceNotFoundException', 'The specified log stream does not exist.');
      }
      return found;
    },
    put(stream, events) {
      for (const { timestamp, message } of events) {
        count += 1;
        const eventId = String(count).padStart(56, '0');
        stream.events.push({ eventId, timestamp, ingestionTime: Date.now(), message });
      }
    },
  };
}
