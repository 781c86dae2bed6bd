import type { GcloudWords } from '../gcloud/gcloud-argv.js';

/** Pure: command lines of Memorystore. */
export const redisCommands = {
  password: (instance: string, region: string): GcloudWords => [
    'redis',
    'instances',
    'get-auth-string',
    instance,
    `--region=${region}`,
  ],
} as const;
