import {
  type AgentSpec,
  cloudRunSize,
  type CloudSqlEdition,
  cloudSqlEdition,
  recoveryDays,
  type SizeSpec,
} from '../spec/index.js';

/**
 * Tiers by `size`, with the memory that `serverConnections` of the spec counts on: 4, 8 and 16 GiB. Cloud SQL for PostgreSQL,
 * "Instance settings", machine types.
 */
const postgresTiers = { small: 'db-custom-2-4096', medium: 'db-custom-2-8192', large: 'db-custom-4-16384' } as const;

/** Machine types by `size`: 8, 16 and 32 GiB. Compute Engine, "General-purpose machine family". */
const searchMachines = { small: 'e2-standard-2', medium: 'e2-standard-4', large: 'e2-standard-8' } as const;

/** CPU and memory of an instance. */
export interface InstanceSize {
  /** vCPU. */
  readonly cpu: number;
  readonly memoryMiB: number;
}

/** The size of a workload on Cloud Run: the next that is large enough. Throws for what the spec’s rules refuse. */
export function instanceSize(size: SizeSpec): InstanceSize {
  const offered = cloudRunSize(size);
  if (offered === undefined)
    throw new Error(`Cloud Run has no size of ${size.cpu} vCPU and ${size.memory.mebibytes} MiB`);
  return { cpu: offered.cpu, memoryMiB: offered.memory.mebibytes };
}

/** The database’s machine, and how long Cloud SQL keeps what. */
export interface PostgresSize {
  readonly tier: string;
  readonly edition: CloudSqlEdition;
  readonly storageGiB: number;
  readonly recoveryDays: number;
  /** Daily backups. */
  readonly backupsKept: number;
}

/** The machine of a managed database; undefined without one. */
export function postgresSize(spec: AgentSpec): PostgresSize | undefined {
  const { postgres, clouds } = spec;
  if (postgres?.kind !== 'managed') return undefined;
  const tier = clouds.gcp?.postgres.tier ?? postgresTiers[postgres.size];
  const days = Math.ceil(postgres.backups.retention.seconds / 86_400);
  return {
    tier,
    edition: cloudSqlEdition(tier),
    storageGiB: Math.ceil(postgres.storage.mebibytes / 1024),
    recoveryDays: Math.min(days, recoveryDays(spec)),
    backupsKept: days,
  };
}

/** The machines of a search cluster. */
export interface SearchSize {
  readonly machineType: string;
  readonly nodes: number;
  readonly storageGiB: number;
}

/** The most nodes that one cluster gets. */
const mostSearchNodes = 9;

/** The machines of a managed search cluster; undefined without one. Two nodes become three: two cannot outvote each other. */
export function searchSize({ search, clouds }: AgentSpec): SearchSize | undefined {
  if (search?.kind !== 'managed') return undefined;
  return {
    machineType: clouds.gcp?.search.machineType ?? searchMachines[search.size],
    nodes: search.nodes === 1 ? 1 : Math.min(Math.max(search.nodes, 3), mostSearchNodes),
    storageGiB: Math.ceil(search.storage.mebibytes / 1024),
  };
}

/** GiB of the cache; 1 for a Redis that only a queue has. */
export function cacheMemoryGiB({ cache }: AgentSpec): number {
  return cache?.kind === 'managed' ? Math.ceil(cache.memory.mebibytes / 1024) : 1;
}

/** Releases of the project’s images on Docker Hub, by major version. */
const newestSearchVersions: Readonly<Record<string, string>> = { '1': '1.3.0', '2': '2.19.0', '3': '3.1.0' };

/** `2.11.0` for `2.11`, the newest that is known here for `2`; undefined: what the construct takes without one. */
export function searchVersion(version: string | undefined): string | undefined {
  if (version === undefined) return undefined;
  return version.includes('.') ? `${version}.0` : (newestSearchVersions[version] ?? `${version}.0.0`);
}
