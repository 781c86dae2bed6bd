import { expect, test } from 'vitest';
import type { AwsLogLine } from '../../../../cli/tools/aws/logs/log-tools.js';
import { logStore } from '../../../support/fake-aws/services/logs/log-store.js';
import { awsForFile } from './aws-on-the-fake.js';

const { fake, aws, signal } = await awsForFile();
const store = fake.world.state(logStore);

/** A log group with streams of lines, each line so many seconds ago. */
function group(name: string, streams: Readonly<Record<string, readonly (readonly [number, string])[]>>): void {
  const made = store.createGroup(name);
  for (const [stream, lines] of Object.entries(streams)) {
    store.put(
      store.createStream(made, stream),
      lines.map(([secondsAgo, message]) => ({ timestamp: Date.now() - secondsAgo * 1000, message })),
    );
  }
}

async function texts(lines: AsyncIterable<AwsLogLine>): Promise<string[]> {
  const found: string[] = [];
  for await (const { text } of lines) found.push(text);
  return found;
}

test('the last lines of every stream, however long ago, oldest first', async () => {
  group('/tail', {
    'api/api/1': [
      [90_000, 'yesterday'],
      [7000, 'two hours ago'],
      [10, 'now\n'],
    ],
    'worker/worker/2': [[20, 'worker']],
  });
  const lines = (tail: number, more: object = {}) =>
    texts(aws.logs.lines({ group: '/tail', tail, follow: false, signal, ...more }));

  expect(await lines(2)).toEqual(['worker', 'now']);
  expect(await lines(3)).toEqual(['two hours ago', 'worker', 'now']);
  expect(await lines(10)).toEqual(['yesterday', 'two hours ago', 'worker', 'now']);
  expect(await lines(10, { streamPrefix: 'worker/' })).toEqual(['worker']);
  expect(await lines(10, { streams: ['api/api/1'] })).toEqual(['yesterday', 'two hours ago', 'now']);
  expect(await lines(0)).toEqual([]);
  expect(await aws.logs.streams('/tail', 'api/', signal)).toEqual(['api/api/1']);
});

test('a log is followed: each new line once, also after AWS could not be asked, until it is interrupted', async () => {
  group('/follow', { a: [[5, 'before']] });
  const stream = store.stream(store.group('/follow'), 'a');
  const stop = new AbortController();
  const seen: string[] = [];
  for await (const { text } of aws.logs.lines({ group: '/follow', tail: 10, follow: true, signal: stop.signal })) {
    seen.push(text);
    if (text === 'before') {
      fake.fail({ service: 'logs', operation: 'FilterLogEvents', kind: '500', times: 6 });
      store.put(stream, [{ timestamp: Date.now(), message: 'first' }]);
    }
    // With a time before that of a line which was seen: it came late.
    if (text === 'first') store.put(stream, [{ timestamp: Date.now() - 3000, message: 'late' }]);
    if (text === 'late') stop.abort();
  }

  expect(seen).toEqual(['before', 'first', 'late']);
});

test('what is not there is empty', async () => {
  expect(await texts(aws.logs.lines({ group: '/nope', tail: 5, follow: false, signal }))).toEqual([]);
  expect(await aws.logs.streams('/nope', '', signal)).toEqual([]);
});
