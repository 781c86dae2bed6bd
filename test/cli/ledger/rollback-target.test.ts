import { expect, test } from 'vitest';
import type { ReleaseRecord } from '../../../cli/ledger/release-record.js';
import { rollbackTarget } from '../../../cli/ledger/rollback-target.js';

function record(id: string, more: Partial<ReleaseRecord> = {}): ReleaseRecord {
  return {
    recordVersion: 1,
    id,
    name: 'support-agent',
    action: 'deploy',
    origin: id,
    createdAt: '2026-01-01T00:00:00.000Z',
    by: { user: 'ann', host: 'laptop' },
    git: null,
    specHash: 'x',
    digests: {},
    migrations: [],
    schema: { before: null, after: null },
    secrets: {},
    contentHash: id,
    outcome: 'released',
    manifest: null,
    ...more,
  };
}
const rollbackOf = (id: string, origin: string) => record(id, { action: 'rollback', origin });
const all = () => true;
const chosen = (
  records: ReleaseRecord[],
  serving: string | null,
  to?: string,
  isComplete: (r: ReleaseRecord) => boolean = all,
) => rollbackTarget({ records, serving, to, isComplete }).id;

test('without a wish it is the release before', () => {
  expect(chosen([record('r1'), record('r2'), record('r3')], 'r3')).toBe('r2');
});

test('releases that never came up are passed over', () => {
  expect(chosen([record('r1'), record('r2', { outcome: 'rolled-back' }), record('r3')], 'r3')).toBe('r1');
});

test('a second rollback goes one further back, not to what the first one left', () => {
  const records = [record('r1'), record('r2'), record('r3'), rollbackOf('r4', 'r2')];

  expect(chosen(records, 'r4')).toBe('r1');
});

test('the release after a rollback goes back to what was rolled back to', () => {
  const records = [record('r1'), record('r2'), rollbackOf('r3', 'r1'), record('r4')];

  expect(chosen(records, 'r4')).toBe('r3');
});

test('a release whose build is gone is passed over', () => {
  const records = [record('r1'), record('r2'), record('r3')];

  expect(chosen(records, 'r3', undefined, ({ id }) => id !== 'r2')).toBe('r1');
});

test.each([
  ['a release that was never recorded, since its deploy was killed', 'r9'],
  ['nothing', null],
])('where %s serves, it is the newest release that was proven', (_, serving) => {
  expect(chosen([record('r1'), record('r2')], serving)).toBe('r2');
});

test('any release that came up can be asked for', () => {
  expect(chosen([record('r1'), record('r2'), record('r3')], 'r3', 'r1')).toBe('r1');
});

test.each([
  ['nothing is before it', [record('r1')], 'r1', undefined, 'Refused', 'there is no release before r1'],
  ['there is no such release', [record('r1'), record('r2')], 'r2', 'r9', 'UsageInvalid', 'there is no release "r9"'],
  [
    'it never came up',
    [record('r1'), record('r2', { outcome: 'failed' }), record('r3')],
    'r3',
    'r2',
    'Refused',
    'release r2 never came up: it is recorded as failed',
  ],
])('refused: %s', (_, records, serving, to, code, message) => {
  expect(() => chosen(records, serving, to)).toThrow(expect.objectContaining({ code, message }) as Error);
});

test('a build that is gone is named with the source it came from', () => {
  const records = [record('r1', { git: { sha: 'c0ffee1234', dirty: false } }), record('r2'), record('r3')];

  expect(() => chosen(records, 'r3', 'r1', ({ id }) => id !== 'r1')).toThrow(
    expect.objectContaining({
      message: 'the build of release r1 is no longer kept',
      fix: 'choose one of: r2; or deploy again from its source (git c0ffee1)',
    }) as Error,
  );
});
