import { expect, test } from 'vitest';
import { passedLines } from '../../../cli/report/passed-lines.js';

test('lines are put together from chunks, also when one ends within a character', () => {
  const lines = passedLines();
  const bytes = Buffer.from('één\r\ntwee\n\ndrie');

  expect([bytes.subarray(0, 1), bytes.subarray(1, 9), bytes.subarray(9)].map((chunk) => lines.push(chunk))).toEqual([
    [],
    ['één'],
    ['twee', ''],
  ]);
  expect(lines.finish()).toEqual(['drie']);
});

test('a text that ends with a line end has no line after it', () => {
  const lines = passedLines();

  expect([lines.push(Buffer.from('one\n')), lines.finish()]).toEqual([['one'], []]);
});

test('a line without end comes in pieces, rather than filling the memory', () => {
  const lines = passedLines();
  const mebibyte = Buffer.alloc(1024 * 1024, 'x');
  const pieces = Array.from({ length: 40 }, () => lines.push(mebibyte)).flat();

  expect(pieces.map((piece) => piece.length / 1024 / 1024)).toEqual([17, 17]);
  expect(lines.finish()).toEqual(['x'.repeat(6 * 1024 * 1024)]);
});
