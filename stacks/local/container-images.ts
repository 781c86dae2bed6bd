import type { AgentSpec } from '../spec/index.js';

/** The image of everything that runs beside the agent’s own containers. */
export interface ContainerImages {
  readonly postgres: string;
  readonly pooler: string;
  readonly search: string;
  readonly redis: string;
  readonly rabbitmq: string;
  readonly temporal: string;
  readonly gateway: string;
}

/** The major version of OpenSearch without one in the spec. */
const searchVersion = '2';

/**
 * Pure: the image of each data service, the spec’s own (`clouds.local.images`) where it names one.
 *
 * - pooler: PgBouncer publishes no image. edoburu/pgbouncer is the one of several that is built from the release tarball,
 *   for amd64 and arm64, without a wrapper that has to be learnt; only `sh` and `pgbouncer` of it are used.
 * - temporal: the CLI’s own image, one program with its storage in it. temporalio/auto-setup needs a database beside it
 *   and is no longer developed.
 * - redis: Valkey, which kept the free licence of Redis.
 */
export function containerImages({
  postgres,
  search,
  clouds: { local },
}: Pick<AgentSpec, 'postgres' | 'search' | 'clouds'>): ContainerImages {
  const { images = {} } = local ?? {};
  return {
    postgres: images.postgres ?? postgresImage(postgres, local?.postgres.version),
    pooler: images.pooler ?? 'edoburu/pgbouncer:v1.25.2-p0',
    search: images.search ?? searchImage(search),
    redis: images.redis ?? 'valkey/valkey:8',
    rabbitmq: images.rabbitmq ?? 'rabbitmq:4',
    temporal: images.temporal ?? 'temporalio/temporal:1.8.2',
    gateway: images.gateway ?? 'caddy:2',
  };
}

/** The version to run here comes before the one of the clouds. */
function postgresImage(postgres: AgentSpec['postgres'], localVersion: number | undefined): string {
  const managed = postgres?.kind === 'managed' ? postgres : undefined;
  const version = localVersion ?? managed?.version ?? 17;
  return managed?.extensions.includes('vector') === true ? `pgvector/pgvector:pg${version}` : `postgres:${version}`;
}

/** Published tags of OpenSearch are a major version or all three numbers. */
function searchImage(search: AgentSpec['search']): string {
  const version = (search?.kind === 'managed' ? search.version : undefined) ?? searchVersion;
  return `opensearchproject/opensearch:${version.includes('.') ? `${version}.0` : version}`;
}
