import type {
  BackupBucket,
  OpenSearchCluster,
  PostgresInstance,
  RedisCache,
  TaskQueue,
} from '../../../constructs/gcp/index.js';
import { foundationBackups, foundationDumps } from './backups.js';
import type { FoundationParts } from './foundation-parts.js';
import { foundationPostgres } from './postgres.js';
import { foundationTaskQueue } from './queue.js';
import { foundationCache, foundationRedisQueue } from './redis.js';
import { foundationSearch } from './search.js';

/** The parts that hold data; undefined is what the agent does not have. */
export interface FoundationData {
  readonly postgres: PostgresInstance | undefined;
  readonly backups: BackupBucket | undefined;
  readonly search: OpenSearchCluster | undefined;
  readonly cache: RedisCache | undefined;
  readonly redisQueue: RedisCache | undefined;
  readonly taskQueue: TaskQueue | undefined;
}

/** Every part of the foundation that holds data. */
export function foundationData(parts: FoundationParts): FoundationData {
  const postgres = foundationPostgres(parts);
  const backups = foundationBackups(parts);
  if (postgres !== undefined && backups !== undefined) foundationDumps(parts, postgres, backups);
  return {
    postgres,
    backups,
    search: backups && foundationSearch(parts, backups),
    cache: foundationCache(parts),
    redisQueue: foundationRedisQueue(parts),
    taskQueue: foundationTaskQueue(parts),
  };
}
