import type { Backup, ReplacedDatabase } from '../targets/backup.js';
import { schemaText } from './schema-text.js';
import { table } from './table.js';

export interface BackupsTextOptions {
  /** Newest first. */
  readonly backups: readonly Backup[];
  readonly replaced: readonly ReplacedDatabase[];
  /** Flags of the commands that are suggested. */
  readonly flags: string;
}

/** Pure: `agentctl backup list` for people, within 80 columns for ordinary names. */
export function backupsText({ backups, replaced, flags }: BackupsTextOptions): string {
  if (backups.length === 0 && replaced.length === 0) return `no backup yet (agentctl backup create ${flags})`;
  const rows = backups.map(({ id, createdAt, reason, bytes, schema }) => [
    id,
    minute(createdAt),
    reason,
    size(bytes),
    schemaText(schema),
  ]);
  const kept = replaced.map(({ id, replacedAt, backup, bytes }) => [id, minute(replacedAt), backup, size(bytes)]);
  return [
    ...(rows.length === 0 ? [] : [table([['BACKUP', 'TAKEN (UTC)', 'WHY', 'SIZE', 'SCHEMA'], ...rows])]),
    ...(kept.length === 0 ? [] : [table([['REPLACED DATABASE', 'AT (UTC)', 'BY', 'SIZE'], ...kept])]),
  ].join('\n\n');
}

/** `2026-11-20 03:00` */
function minute(time: string): string {
  return time.slice(0, 16).replace('T', ' ');
}

/** `4.2 MB`: decimal units. */
function size(bytes: number): string {
  const units = ['B', 'kB', 'MB', 'GB', 'TB'];
  const power = Math.min(units.length - 1, bytes === 0 ? 0 : Math.floor(Math.log10(bytes) / 3));
  const value = bytes / 1000 ** power;
  return `${power === 0 ? value : value.toFixed(1)} ${units[power] ?? 'B'}`;
}
