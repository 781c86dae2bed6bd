import { dictionaryText, type GcloudWords } from '../gcloud/gcloud-argv.js';
import type { ServiceKind } from './service-tools.js';

/**
 * Pure: command lines of Cloud Run services and worker pools, which gcloud has in its beta track only. What changes a worker
 * pool is not among them: see `worker-pool-rest.ts`.
 */
export const serviceCommands = {
  describe: (kind: ServiceKind, name: string, region: string): GcloudWords => [
    ...group(kind),
    'describe',
    name,
    at(region),
  ],
  remove: (name: string, region: string): GcloudWords => ['run', 'services', 'delete', name, at(region)],
  revision: (kind: ServiceKind, name: string, region: string): GcloudWords => [
    ...(kind === 'service' ? (['run'] as const) : (['beta', 'run', 'worker-pools'] as const)),
    'revisions',
    'describe',
    name,
    at(region),
  ],
  revisions: (service: string, region: string): GcloudWords => [
    'run',
    'revisions',
    'list',
    `--service=${service}`,
    at(region),
  ],
  moveTraffic: (name: string, to: Readonly<Record<string, number>>, region: string): GcloudWords => [
    'run',
    'services',
    'update-traffic',
    name,
    `--to-revisions=${dictionaryText(to)}`,
    at(region),
  ],
  setTag: (service: string, tag: string, revision: string, region: string): GcloudWords => [
    'run',
    'services',
    'update-traffic',
    service,
    `--update-tags=${dictionaryText({ [tag]: revision })}`,
    at(region),
  ],
  removeTag: (service: string, tag: string, region: string): GcloudWords => [
    'run',
    'services',
    'update-traffic',
    service,
    `--remove-tags=${tag}`,
    at(region),
  ],
} as const;

function group(kind: ServiceKind): readonly [string, ...string[]] {
  return kind === 'service' ? ['run', 'services'] : ['beta', 'run', 'worker-pools'];
}

function at(region: string): string {
  return `--region=${region}`;
}
