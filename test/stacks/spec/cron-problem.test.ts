import { expect, test } from 'vitest';
import { cronProblem } from '../../../stacks/spec/cron-problem.js';

test.each([
  '* * * * *',
  '0 3 * * *',
  '*/15 8-18 * * MON-FRI',
  '0 0 1,15 * *',
  '5-55/10 * * jan-mar,DEC sun',
  '0 0 29 2 *',
  '0 0 31 * *',
  '0 0 31 2 1',
  '0 0 * * 7',
  '0 0 30-31 1-2 *',
  ' 0  3 * * * ',
])('"%s" is fine', (expression) => {
  expect(cronProblem(expression)).toBeUndefined();
});

test.each([
  ['', 'it has 1 fields'],
  ['* * * *', 'it has 4 fields'],
  ['0 0 3 * * *', 'it has 6 fields'],
  ['@hourly', 'nickname'],
  ['60 * * * *', '60 is not a minute (0 to 59)'],
  ['* 24 * * *', '24 is not an hour (0 to 23)'],
  ['* * 0 * *', '0 is not a day of the month (1 to 31)'],
  ['* * * 13 *', '13 is not a month (1 to 12)'],
  ['* * * * 8', '8 is not a day of the week (0 to 7)'],
  ['* * * FOO *', '"FOO" is not a month'],
  ['9-5 * * * *', 'the range 9-5 runs backwards'],
  ['*/0 * * * *', '"/0" is not a step'],
  ['*/ * * * *', '"*/" is not a minute'],
  ['1,,2 * * * *', '"" is not a minute'],
  ['? * * * *', '"?" is not a minute'],
  ['0 0 L * *', '"L" is not a day of the month'],
  ['0 0 31 2 *', 'day 31 never comes in month 2'],
  ['0 0 31 4,6,9,11 *', 'day 31 never comes in month 4,6,9,11'],
  ['0 0 30,31 feb *', 'day 30 never comes in month feb'],
])('"%s" is refused: %s', (expression, reason) => {
  expect(cronProblem(expression)).toContain(reason);
});
