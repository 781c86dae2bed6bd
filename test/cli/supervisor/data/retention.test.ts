import { expect, test } from 'vitest';
import { datedId } from '../../../../cli/supervisor/data/dated-id.js';
import { expiredBackups } from '../../../../cli/supervisor/data/retention.js';
import type { BackupReason, BackupRecord } from '../../../../cli/supervisor/protocol.js';

const now = new Date('2026-11-20T10:00:00.000Z');
const week = { now, retentionSeconds: 7 * 86_400 };

test('scheduled backups that are older than the retention have had their time', () => {
  const backups = [daysOld(0), daysOld(6), daysOld(7.1), daysOld(30)];

  expect(expiredBackups(backups, week).map(({ id }) => id)).toEqual(['7.1', '30']);
});

test('backups that were asked for stay', () => {
  const reasons = ['manual', 'final', 'before-restore'] as const;

  expect(expiredBackups([daysOld(0), ...reasons.map((reason) => daysOld(30, reason))], week)).toEqual([]);
});

test('the newest backup stays however old it is', () => {
  expect(expiredBackups([daysOld(40), daysOld(30)], week).map(({ id }) => id)).toEqual(['40']);
});

test('an id says when, and a seed makes it come out the same again', () => {
  expect(datedId('backup', now)).toMatch(/^b20261120-100000-[0-9a-f]{4}$/);
  expect(datedId('restore', now, 'run-1')).toBe(datedId('restore', now, 'run-1'));
  expect(datedId('restore', now, 'run-1')).not.toBe(datedId('restore', now, 'run-2'));
});

function daysOld(days: number, reason: BackupReason = 'scheduled'): BackupRecord {
  return {
    version: 1,
    id: String(days),
    createdAt: new Date(now.getTime() - days * 86_400_000).toISOString(),
    reason,
    method: 'copy',
    postgresVersion: '17.10',
    database: 'app',
    bytes: 1,
    sha256: '',
    revision: null,
  };
}
