import type { GcloudWords } from '../gcloud/gcloud-argv.js';

/** Pure: command lines that say who we are, and where. */
export const accountCommands = {
  accounts: (): GcloudWords => ['auth', 'list', '--filter=status:ACTIVE'],
  project: (project: string): GcloudWords => ['projects', 'describe', project],
} as const;
