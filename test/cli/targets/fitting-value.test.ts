import { expect, test } from 'vitest';
import { fittingValue } from '../../../cli/targets/fitting-value.js';

test('a value of 65,536 bytes is taken, one byte more is told by its length', () => {
  expect(fittingValue('Secrets Manager', 'TOKEN', 'x'.repeat(65_536))).toHaveLength(65_536);
  expect(() => fittingValue('Secrets Manager', 'TOKEN', 'x'.repeat(65_537))).toThrow(
    'the value of TOKEN has 65,537 bytes; Secrets Manager takes 65,536',
  );
  // Bytes, not characters.
  expect(() => fittingValue('Secrets Manager', 'TOKEN', 'ü'.repeat(40_000))).toThrow('80,000 bytes');
});
