import type { GcloudWords } from '../gcloud/gcloud-argv.js';

/** Pure: command lines of Artifact Registry. */
export const registryCommands = {
  repository: (name: string, region: string): GcloudWords => [
    'artifacts',
    'repositories',
    'describe',
    name,
    `--location=${region}`,
  ],
  images: (repositoryUri: string): GcloudWords => [
    'artifacts',
    'docker',
    'images',
    'list',
    repositoryUri,
    '--include-tags',
  ],
} as const;
