import * as ecs from 'aws-cdk-lib/aws-ecs';
import type * as logs from 'aws-cdk-lib/aws-logs';
import type * as secretsmanager from 'aws-cdk-lib/aws-secretsmanager';
import { Duration } from 'aws-cdk-lib/core';
import {
  BackupBucket,
  BackupEvents,
  BackupPlan,
  dumpCommand,
  dumpImage,
  dumpPasswordVariable,
  type PostgresInstance,
  ScheduledTask,
} from '../../../constructs/aws/index.js';
import type { FoundationParts } from './foundation-parts.js';

/** What is dumped, and where that runs. */
export interface DumpOptions {
  readonly cluster: ecs.ICluster;
  readonly database: PostgresInstance;
  /** Of the database’s user. */
  readonly secret: secretsmanager.ISecret;
  readonly logGroup: logs.ILogGroup;
}

/** Daily and monthly backups by AWS Backup, beside point-in-time recovery. */
export function foundationBackupPlan({ stack, key, topic }: FoundationParts, database: PostgresInstance): BackupPlan {
  const plan = new BackupPlan(stack, 'BackupVault', {
    encryptionKey: key,
    databases: [database.instance],
  });
  new BackupEvents(stack, 'BackupEvents', { topic, vault: plan.vault });
  return plan;
}

/** Dumps of the database. */
export interface FoundationDumps {
  readonly bucket: BackupBucket;
  readonly task: ScheduledTask;
}

/** Scheduled dumps to a bucket; undefined when they were not asked for. */
export function foundationDumps(
  { stack, context, network, key, taskSecurityGroup }: FoundationParts,
  { cluster, database, secret, logGroup }: DumpOptions,
): FoundationDumps | undefined {
  const { postgres } = context.spec;
  if (postgres?.kind !== 'managed' || postgres.backups.dumps === undefined) return undefined;
  const { cron, retention } = postgres.backups.dumps;
  const bucket = new BackupBucket(stack, 'Backups', {
    encryptionKey: key,
    retention: Duration.days(Math.ceil(retention.seconds / 86_400)),
  });
  const task = new ScheduledTask(stack, 'Dump', {
    cluster,
    cron,
    image: ecs.ContainerImage.fromRegistry(dumpImage(postgres.version)),
    command: dumpCommand({
      bucket: bucket.bucket.bucketName,
      host: database.host,
      port: database.port,
      user: database.username,
      database: database.databaseName,
      largestGiB: Math.ceil(postgres.storage.mebibytes / 1024) * 10,
    }),
    environment: { [dumpPasswordVariable]: ecs.Secret.fromSecretsManager(secret, 'password') },
    timeout: longestDump,
    securityGroup: taskSecurityGroup,
    vpcSubnets: network.appSubnets,
    logGroup,
  });
  bucket.grantDump(task.taskDefinition.taskRole, database.databaseName);
  return { bucket, task };
}

/** A dump of a database that fills its disk, over one connection. */
const longestDump = Duration.hours(12);
