import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';

const rows = readFileSync('docs/gcp-traps.md', 'utf8')
  .split('\n')
  .filter((line) => line.startsWith('| ') && !line.startsWith('| ---') && !line.startsWith('| trap'))
  .map((line) => line.slice(2, -2).split(' | '));

test('every trap has what is done about it, and a test or none on purpose', () => {
  expect(rows.length).toBeGreaterThan(40);
  for (const row of rows) expect(row).toHaveLength(3);
  expect(rows.filter(([, , where]) => where === '–').map(([, done]) => done)).toEqual([
    expect.stringContaining('told in [gcp.md]') as string,
    expect.stringContaining('told in [gcp.md]') as string,
    'not made here',
  ]);
});

test.each(rows.filter(([, , where]) => where !== '–'))('%s: %s', (_trap, _done, where = '') => {
  const [, file = '', words = ''] = /^`([^`]+)`: (.+)$/.exec(where) ?? [];
  expect(readFileSync(file, 'utf8')).toContain(words);
});
