import type { ContainerDefinition } from '@aws-sdk/client-ecs';
import { createLineSplitter } from '../../../../../cli/tools/process/index.js';
import type { FakeWorld } from '../../fake-world.js';
import { logStore } from '../logs/log-store.js';

/** Where the output of a container goes. */
export type TaskLog =
  | { readonly kind: 'open'; readonly write: (chunk: Buffer) => void; readonly close: () => void }
  | { readonly kind: 'failed'; readonly reason: string };

/** The log driver `awslogs`: a stream `<prefix>/<container>/<task id>`, an event per line. Output of other drivers is dropped. */
export function openTaskLog(world: FakeWorld, taskId: string, container: ContainerDefinition): TaskLog {
  const { logDriver, options = {} } = container.logConfiguration ?? {};
  if (logDriver !== 'awslogs') return { kind: 'open', write: () => undefined, close: () => undefined };
  const logs = world.state(logStore);
  const name = options['awslogs-group'] ?? '';
  if (!logs.groups.has(name) && options['awslogs-create-group'] === 'true') logs.createGroup(name);
  const group = logs.groups.get(name);
  if (group === undefined) {
    const reason = `ResourceInitializationError: failed to validate logger args: create stream has been retried 1 times: failed to create Cloudwatch log stream: ResourceNotFoundException: The specified log group does not exist. : exit status 1`;
    return { kind: 'failed', reason };
  }
  const stream = logs.createStream(
    group,
    `${options['awslogs-stream-prefix'] ?? ''}/${container.name ?? ''}/${taskId}`,
  );
  const splitter = createLineSplitter();
  const put = (lines: readonly string[]): void =>
    logs.put(
      stream,
      lines.map((message) => ({ timestamp: Date.now(), message })),
    );
  return { kind: 'open', write: (chunk) => put(splitter.push(chunk)), close: () => put(splitter.finish()) };
}
