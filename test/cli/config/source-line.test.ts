import { expect, test } from 'vitest';
import { sourceLineAt } from '../../../cli/config/source-line.js';

test('a hidden value becomes a mask of fixed length, with the caret under it', () => {
  const line = 'KEY: abcdefghijkl';

  expect(sourceLineAt(line, { start: 5, end: 17 }, [{ start: 5, end: 17 }])).toEqual({
    sourceLine: 'KEY: •••',
    caretColumn: 6,
    caretLength: 3,
  });
});

test('a caret behind a hidden value moves with the text', () => {
  const line = 'env: { A: abcdefghijkl, B: x }';

  expect(sourceLineAt(line, { start: 24, end: 25 }, [{ start: 10, end: 22 }])).toEqual({
    sourceLine: 'env: { A: •••, B: x }',
    caretColumn: 16,
    caretLength: 1,
  });
});

test('a long line is cut around the caret', () => {
  const line = `${'a'.repeat(200)} here ${'b'.repeat(200)}`;

  const { sourceLine, caretColumn } = sourceLineAt(line, { start: 201, end: 205 }, []);

  expect(sourceLine.length).toBeLessThan(120);
  expect(sourceLine.slice(caretColumn - 1, caretColumn + 3)).toBe('here');
});

test('a place at the end of the line keeps its caret on the line', () => {
  expect(sourceLineAt('name:', { start: 5, end: 6 }, [])).toMatchObject({ caretColumn: 6, caretLength: 1 });
});
