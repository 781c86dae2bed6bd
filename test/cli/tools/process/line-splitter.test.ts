import { expect, test } from 'vitest';
import { createLineSplitter, cutLine, longestLine } from '../../../../cli/tools/process/index.js';

test('chunks become whole lines, wherever they are cut', () => {
  const splitter = createLineSplitter();

  const lines = ['fir', 'st\nsecond\r\n\nla', 'st'].flatMap((chunk) => splitter.push(Buffer.from(chunk)));

  expect(lines).toEqual(['first', 'second', '']);
  expect(splitter.finish()).toEqual(['last']);
  expect(splitter.finish()).toEqual([]);
});

test('a character that is cut in two comes out whole', () => {
  const splitter = createLineSplitter();
  const bytes = Buffer.from('é\n');

  const lines = [...splitter.push(bytes.subarray(0, 1)), ...splitter.push(bytes.subarray(1))];

  expect(lines).toEqual(['é']);
});

test('a line without end does not grow without end', () => {
  const splitter = createLineSplitter();

  for (let count = 0; count < 100; count += 1) splitter.push(Buffer.from('x'.repeat(10_000)));
  const [line = ''] = splitter.push(Buffer.from('\n'));

  expect(line.length).toBeLessThan(longestLine * 1.2);
  expect(cutLine(line)).toBe(`${'x'.repeat(longestLine)} … (cut)`);
});
