import { array, assert, integer, property, uint8Array } from 'fast-check';
import { expect, test } from 'vitest';
import type { TaskFrame } from '../../../cli/supervisor/attach-protocol.js';
import { createFrameReader, encodeFrame } from '../../../cli/supervisor/task-frames.js';

const output = (bytes: Uint8Array): TaskFrame => ({
  kind: 'output',
  stream: 'err',
  base64: Buffer.from(bytes).toString('base64'),
});

test('frames are put together again, however the connection cuts them', () => {
  assert(
    property(array(uint8Array({ maxLength: 40 })), integer({ min: 1, max: 50 }), (chunks, size) => {
      const frames = chunks.map(output);
      const bytes = Buffer.from(frames.map(encodeFrame).join(''));
      const reader = createFrameReader();
      const read: TaskFrame[] = [];
      for (let at = 0; at < bytes.length; at += size) read.push(...reader.push(bytes.subarray(at, at + size)));

      expect(read).toEqual(frames);
    }),
  );
});

test('empty lines, which only show that somebody is there, are skipped', () => {
  const frame = output(Buffer.from('x'));

  expect(createFrameReader().push(Buffer.from(`\n\n${encodeFrame(frame)}\n`))).toEqual([frame]);
});

test('a line that is no frame is not passed over', () => {
  expect(() => createFrameReader().push(Buffer.from('{"kind":"other"}\n'))).toThrow();
});
