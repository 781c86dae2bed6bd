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
  /** Of the whole project, also of instances that are gone. */
  kept: (filter: string): GcloudWords => ['sql', 'backups', 'list', `--filter=${filter}`, '--limit=100'],
  /** A number is a backup of an instance that is there, a name is one that was kept of an instance that is gone. */
  deleteBackup: (instance: string, id: string): GcloudWords => [
    'sql',
    'backups',
    'delete',
    id,
    ...(id.includes('/') ? [] : [`--instance=${instance}`]),
  ],
  restore: (instance: string, id: string): GcloudWords => [
    'sql',
    'backups',
    'restore',
    id,
    `--restore-instance=${instance}`,
    '--async',
  ],
  operations: (instance: string): GcloudWords => ['sql', 'operations', 'list', `--instance=${instance}`, '--limit=20'],
  /** The password is a flag, and flags may be read from standard input: it is in no argument. Not from /dev/stdin, as Node's pipe is a socket. */
  setPassword: (instance: string, user: string): GcloudWords => [
    'sql',
    'users',
    'set-password',
    user,
    `--instance=${instance}`,
    '--flags-file=-',
  ],
} as const;
