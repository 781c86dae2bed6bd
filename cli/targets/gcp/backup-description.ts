import type { StageScope } from '../../../stacks/gcp/naming.js';

/** What is known of a backup besides its data. */
export interface BackupDescription {
  readonly scope: StageScope;
  /** `manual`, `before-migration`, `before-restore`, `final`. */
  readonly reason: string;
  /** Tells it from every other: the same run takes it once. */
  readonly runId: string;
  readonly schema: string | null;
}

/** Pure: what a backup says of itself; Cloud SQL gives backups no labels. */
export function backupDescription({ scope, reason, runId, schema }: BackupDescription): string {
  return `agentctl ${scope.name}/${scope.stage}: ${reason}, ${runId}${schema === null ? '' : `, schema ${schema}`}`;
}

/** Pure: what {@link backupDescription} wrote; undefined for a text of somebody else. */
export function describedBackup(text: string): Omit<BackupDescription, 'runId'> | undefined {
  const found = /^agentctl ([^/\s]+)\/([^:\s]+): ([a-z-]+), [^,\s]+(?:, schema (.*))?$/.exec(text);
  if (found === null) return undefined;
  const [, name = '', stage = '', reason = '', schema = null] = found;
  return { scope: { name, stage }, reason, schema };
}
