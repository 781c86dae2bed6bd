import { join } from 'node:path';
import { expect, test } from 'vitest';
import { staleDocs, withBlock } from '../../../docs/generate.js';

test('the generated documentation is what the code says', () => {
  expect(staleDocs(join(import.meta.dirname, '../../..'))).toEqual([]);
});

test('a marked block is replaced and the rest kept', () => {
  const text = 'before\n<!-- x:begin -->\nold\n<!-- x:end -->\nafter\n';

  expect(withBlock(text, 'x', 'new')).toBe('before\n<!-- x:begin -->\n\nnew\n\n<!-- x:end -->\nafter\n');
});

test('a text without the marks is left alone', () => {
  expect(withBlock('nothing', 'x', 'new')).toBeUndefined();
  expect(withBlock(undefined, 'x', 'new')).toBeUndefined();
});
