import type * as ecs from 'aws-cdk-lib/aws-ecs';
import type * as secretsmanager from 'aws-cdk-lib/aws-secretsmanager';
import type * as cloudmap from 'aws-cdk-lib/aws-servicediscovery';
import { PgBouncerService, type PostgresInstance } from '../../../constructs/aws/index.js';
import { poolerConnections, reservedConnections, serverConnections } from '../../spec/index.js';
import type { FoundationParts } from './foundation-parts.js';

/** What the pooler stands before, and where it runs. */
export interface PoolerOptions {
  readonly cluster: ecs.ICluster;
  readonly namespace: cloudmap.INamespace;
  readonly database: PostgresInstance;
  /** Of the database’s user. */
  readonly secret: secretsmanager.ISecret;
  /** Whom the pooler lets in. */
  readonly users: secretsmanager.ISecret;
}

/** PgBouncer in front of the database; undefined when it was not asked for. */
export function foundationPooler(
  { stack, context, network, key, taskSecurityGroup }: FoundationParts,
  { cluster, namespace, database, secret, users }: PoolerOptions,
): PgBouncerService | undefined {
  const { postgres } = context.spec;
  if (postgres?.kind !== 'managed' || !postgres.pooler) return undefined;
  const accepted = postgres.maxConnections ?? serverConnections[postgres.size];
  const pooler = new PgBouncerService(stack, 'Pooler', {
    cluster,
    vpcSubnets: network.appSubnets,
    namespace,
    encryptionKey: key,
    database,
    secret,
    users,
    serverConnections: accepted - reservedConnections,
    clientConnections: poolerConnections[postgres.size],
  });
  pooler.connections.allowDefaultPortFrom(taskSecurityGroup, 'Tasks');
  return pooler;
}
