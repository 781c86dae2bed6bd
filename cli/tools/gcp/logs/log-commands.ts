import type { GcloudWords } from '../gcloud/gcloud-argv.js';

/** Pure: command lines of Cloud Logging. */
export const logCommands = {
  /** The newest lines of the last days, newest first. */
  newest: (filter: string, most: number): GcloudWords => [
    'logging',
    'read',
    filter,
    '--order=desc',
    `--limit=${most}`,
    '--freshness=7d',
  ],
  /** Lines from a moment on, oldest first; a filter with a time of its own knows no freshness. */
  since: (filter: string, since: string): GcloudWords => [
    'logging',
    'read',
    `${filter} AND timestamp>="${since}"`,
    '--order=asc',
  ],
} as const;
