import type { FoundationOutput } from '../outputs.js';
import type { FoundationData } from './data.js';

/** The outputs of the parts that hold data; a part that is not there has none. */
export function dataOutputs({
  postgres,
  backups,
  search,
  cache,
  redisQueue,
  taskQueue,
}: FoundationData): Readonly<Partial<Record<FoundationOutput, string | undefined>>> {
  return {
    PostgresHost: postgres?.host,
    PostgresPort: postgres?.port.toString(),
    PostgresInstanceId: postgres?.instance.name,
    PostgresCaCert: postgres?.caCertificate,
    SearchHost: search?.host,
    CacheHost: cache?.host,
    CachePort: cache?.port,
    CacheCaCert: cache?.caCertificate,
    CacheInstanceId: cache?.instance.name,
    QueueHost: redisQueue?.host,
    QueuePort: redisQueue?.port,
    QueueCaCert: redisQueue?.caCertificate,
    QueueInstanceId: redisQueue?.instance.name,
    QueueTopic: taskQueue?.topicPath,
    BackupBucket: backups?.bucketName,
  };
}
