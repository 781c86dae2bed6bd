import type { GcloudWords } from '../gcloud/gcloud-argv.js';

/** Pure: command lines of Cloud SQL. */
export const databaseCommands = {
  describe: (instance: string): GcloudWords => ['sql', 'instances', 'describe', instance],
  backups: (instance: string): GcloudWords => ['sql', 'backups', 'list', `--instance=${instance}`, '--limit=100'],
  createBackup: (instance: string, description: string): GcloudWords => [
    'sql',
    'backups',
    'create',
    `--instance=${instance}`,
    `--description=${description}`,
    '--async',
  ],
} as const;
