import type { GcloudWords } from '../gcloud/gcloud-argv.js';

/** As long as somebody may take to notice that a state is gone. */
const softDelete = '--soft-delete-duration=7d';

/** Pure: command lines that prepare a project. */
export const bootstrapCommands = {
  bucket: (bucket: string): GcloudWords => ['storage', 'buckets', 'describe', `gs://${bucket}`, '--raw'],
  create: (bucket: string, region: string): GcloudWords => [
    'storage',
    'buckets',
    'create',
    `gs://${bucket}`,
    `--location=${region}`,
    '--uniform-bucket-level-access',
    '--public-access-prevention',
    softDelete,
  ],
  secure: (bucket: string): GcloudWords => [
    'storage',
    'buckets',
    'update',
    `gs://${bucket}`,
    '--versioning',
    '--uniform-bucket-level-access',
    '--public-access-prevention',
    softDelete,
  ],
  enabled: (): GcloudWords => ['services', 'list', '--enabled'],
  enable: (names: readonly string[]): GcloudWords => [
    'services',
    'enable',
    ...names.map((name) => `${name}.googleapis.com`),
  ],
} as const;
