import { expect, test } from 'vitest';
import { backOffAfter, freshBackOff } from '../../../../cli/supervisor/release/back-off.js';

test('waits grow from half a second to thirty seconds', () => {
  const waits: number[] = [];
  let backOff = freshBackOff;
  for (let count = 0; count < 9; count += 1) {
    const { next, waitSeconds } = backOffAfter(backOff, 1);
    waits.push(waitSeconds);
    backOff = next;
  }

  expect(waits).toEqual([0.5, 1, 2, 4, 8, 16, 30, 30, 30]);
});

test('a minute of running starts the series again', () => {
  const worn = { shortRuns: 6 };

  expect(backOffAfter(worn, 59).waitSeconds).toBe(30);
  expect(backOffAfter(worn, 60).waitSeconds).toBe(0.5);
});
