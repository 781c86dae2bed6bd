import {
  type AgentSpec,
  fargateSize,
  parseQuantity,
  postgresClass,
  searchType,
  type SizeSpec,
  valkeyNodeType,
} from '../spec/index.js';

/** Amazon OpenSearch Service, "Dedicated master nodes": enough for ten data nodes, and for thirty. */
const masterTypes = { few: 'm7g.medium.search', many: 'm7g.large.search' } as const;

/** Amazon RDS user guide, "Amazon RDS DB instance storage": gp3 for PostgreSQL begins at 20 GiB. */
const smallestPostgresGiB = 20;

/** Memory of a Valkey that only a queue has. */
const queueMemory = '1Gi';

/** CPU and memory of a task in the units of a task definition. */
export interface TaskSize {
  /** 1024 per vCPU. */
  readonly cpuUnits: number;
  readonly memoryMiB: number;
}

/** The Fargate size of a workload: the next that is large enough. Throws for what the spec’s rules refuse. */
export function taskSize(size: SizeSpec): TaskSize {
  const offered = fargateSize(size);
  if (offered === undefined)
    throw new Error(`Fargate has no size of ${size.cpu} vCPU and ${size.memory.mebibytes} MiB`);
  return { cpuUnits: offered.cpu * 1024, memoryMiB: offered.memory.mebibytes };
}

/** The database’s machine. */
export interface PostgresSize {
  readonly instanceClass: string;
  readonly storageGiB: number;
}

/** The machine of a managed database; undefined without one. */
export function postgresSize(spec: AgentSpec): PostgresSize | undefined {
  const { postgres } = spec;
  const instanceClass = postgresClass(spec);
  if (postgres?.kind !== 'managed' || instanceClass === undefined) return undefined;
  return {
    instanceClass,
    storageGiB: Math.max(smallestPostgresGiB, Math.ceil(postgres.storage.mebibytes / 1024)),
  };
}

/** The machines of a search domain. */
export interface SearchSize {
  readonly instanceType: string;
  readonly storageGiB: number;
  /** @default - none */
  readonly masterInstanceType?: string;
}

/** The machines of a managed search domain; undefined without one. */
export function searchSize(spec: AgentSpec): SearchSize | undefined {
  const { search, clouds } = spec;
  const instanceType = searchType(spec);
  if (search?.kind !== 'managed' || instanceType === undefined) return undefined;
  const masters = clouds.aws?.search.dedicatedMasters ?? true;
  return {
    instanceType,
    storageGiB: Math.ceil(search.storage.mebibytes / 1024),
    ...(masters ? { masterInstanceType: search.nodes > 10 ? masterTypes.many : masterTypes.few } : {}),
  };
}

/** The node type of the cache. Throws for what the spec’s rules refuse. */
export function cacheNodeType({ cache, clouds }: AgentSpec): string {
  const memory = cache?.kind === 'managed' ? cache.memory : (parseQuantity(queueMemory) ?? { mebibytes: 1024 });
  const nodeType = clouds.aws?.cache.nodeType ?? valkeyNodeType(memory);
  if (nodeType === undefined) throw new Error(`ElastiCache has no node with ${memory.mebibytes} MiB for data`);
  return nodeType;
}

/** The newest minor versions that OpenSearch Service has, by major version: aws-cdk-lib 2.276, `EngineVersion`. */
const newestSearchVersions: Readonly<Record<string, string>> = { '1': '1.3', '2': '2.19', '3': '3.3' };

/** The engine version for `2` or `2.11`; undefined: what the construct takes without one. */
export function searchVersion(version: string | undefined): string | undefined {
  if (version === undefined || version.includes('.')) return version;
  return newestSearchVersions[version] ?? `${version}.0`;
}
