import type { BackupRecord } from '../protocol.js';

/**
 * Pure: the backups that have had their time. Only those a schedule or a migration took, and never the newest of all.
 */
export function expiredBackups(
  backups: readonly BackupRecord[],
  options: { readonly now: Date; readonly retentionSeconds: number },
): readonly BackupRecord[] {
  const ageSeconds = ({ createdAt }: BackupRecord): number => (options.now.getTime() - Date.parse(createdAt)) / 1000;
  const newestFirst = backups.toSorted((a, b) => ageSeconds(a) - ageSeconds(b));
  return newestFirst
    .slice(1)
    .filter(({ reason }) => reason === 'scheduled' || reason === 'before-migration')
    .filter((backup) => ageSeconds(backup) > options.retentionSeconds);
}
