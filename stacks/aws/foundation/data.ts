import type * as logs from 'aws-cdk-lib/aws-logs';
import type {
  AgentCluster,
  PgBouncerService,
  PostgresInstance,
  RabbitMqBroker,
  TaskQueue,
  ValkeyCache,
} from '../../../constructs/aws/index.js';
import { generatedSecretName, poolerUsersSecretName } from '../naming.js';
import { hasPooler } from '../references.js';
import { ContainerVariables } from '../workloads/container-variables.js';
import { type FoundationDumps, foundationBackupPlan, foundationDumps } from './backups.js';
import type { FoundationParts } from './foundation-parts.js';
import { foundationPooler } from './pooler.js';
import { foundationPostgres } from './postgres.js';
import { foundationBroker, foundationTaskQueue } from './queue.js';
import { type FoundationSearch, foundationSearch } from './search.js';
import { foundationCache, foundationRedisQueue } from './valkey.js';

/** The parts that hold data; undefined is what the agent does not have. */
export interface FoundationData {
  readonly postgres: PostgresInstance | undefined;
  readonly pooler: PgBouncerService | undefined;
  readonly dumps: FoundationDumps | undefined;
  readonly search: FoundationSearch | undefined;
  readonly cache: ValkeyCache | undefined;
  readonly redisQueue: ValkeyCache | undefined;
  readonly taskQueue: TaskQueue | undefined;
  readonly broker: RabbitMqBroker | undefined;
}

/** What the parts that run tasks of their own need beside the rest. */
export interface FoundationDataOptions extends FoundationParts {
  readonly cluster: AgentCluster;
  readonly logGroup: logs.ILogGroup;
}

/** Every part of the foundation that holds data. */
export function foundationData(options: FoundationDataOptions): FoundationData {
  return {
    ...database(options),
    search: foundationSearch(options),
    cache: foundationCache(options),
    redisQueue: foundationRedisQueue(options),
    taskQueue: foundationTaskQueue(options),
    broker: foundationBroker(options),
  };
}

function database(options: FoundationDataOptions): Pick<FoundationData, 'postgres' | 'pooler' | 'dumps'> {
  const { stack, context, cluster, logGroup } = options;
  const postgres = foundationPostgres(options);
  if (postgres === undefined) return { postgres, pooler: undefined, dumps: undefined };
  foundationBackupPlan(options, postgres);
  const { namespace } = cluster;
  const variables = new ContainerVariables(stack, 'Variables', context, 'foundation');
  const secret = variables.secret(generatedSecretName(context.scope, 'postgres'));
  const pooler =
    namespace === undefined || !hasPooler(context.spec)
      ? undefined
      : foundationPooler(options, {
          cluster: cluster.cluster,
          namespace,
          database: postgres,
          secret,
          users: variables.secret(poolerUsersSecretName(context.scope)),
        });
  return {
    postgres,
    pooler,
    dumps: foundationDumps(options, { cluster: cluster.cluster, database: postgres, secret, logGroup }),
  };
}
