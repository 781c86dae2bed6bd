import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { exitCodes } from '../cli/errors.js';
import { version } from '../cli/version.js';

const read = (file: string): string => readFileSync(join(import.meta.dirname, '..', file), 'utf8');

test('docs/errors.md documents every code with its exit code, and no other', () => {
  const rows = [...read('docs/errors.md').matchAll(/^\| `(\w+)`\s*\| (\d+) /gm)];

  expect(Object.fromEntries(rows.map(([, code, exit]) => [code, Number(exit)]))).toEqual(exitCodes);
});

test('the version in the code is the one of the package', () => {
  expect(version).toBe((JSON.parse(read('package.json')) as { version: string }).version);
});

test('ARCHITECTURE.md stays within two pages', () => {
  expect(read('ARCHITECTURE.md').split('\n').length).toBeLessThanOrEqual(120);
});
