import { dictionaryText, type GcloudWords } from '../gcloud/gcloud-argv.js';

/** Pure: command lines of Secret Manager. No value is in any of them. */
export const secretCommands = {
  create: (name: string, labels: Readonly<Record<string, string>>): GcloudWords => [
    'secrets',
    'create',
    name,
    '--replication-policy=automatic',
    `--labels=${dictionaryText(labels)}`,
  ],
  /** The value is read from standard input. */
  addVersion: (name: string): GcloudWords => ['secrets', 'versions', 'add', name, '--data-file=-'],
  access: (name: string, version: string): GcloudWords => [
    'secrets',
    'versions',
    'access',
    version,
    `--secret=${name}`,
  ],
  versions: (name: string): GcloudWords => ['secrets', 'versions', 'list', name],
  list: (prefix: string): GcloudWords => ['secrets', 'list', `--filter=name:${prefix}`],
  enable: (name: string, version: string): GcloudWords => [
    'secrets',
    'versions',
    'enable',
    version,
    `--secret=${name}`,
  ],
  disable: (name: string, version: string): GcloudWords => [
    'secrets',
    'versions',
    'disable',
    version,
    `--secret=${name}`,
  ],
  destroy: (name: string, version: string): GcloudWords => [
    'secrets',
    'versions',
    'destroy',
    version,
    `--secret=${name}`,
  ],
  remove: (name: string): GcloudWords => ['secrets', 'delete', name],
} as const;
