import {
  BackupBucket,
  DatabaseExport,
  type PostgresInstance,
  WorkloadIdentity,
} from '../../../constructs/gcp/index.js';
import { accountId, backupBucketName, workloadName } from '../naming.js';
import type { FoundationParts } from './foundation-parts.js';

/** Where dumps and snapshots go; undefined when there are none. */
export function foundationBackups({ stack, context }: FoundationParts): BackupBucket | undefined {
  const { spec, scope, gcp } = context;
  const dumps = spec.postgres?.kind === 'managed' ? spec.postgres.backups.dumps : undefined;
  if (dumps === undefined && spec.search?.kind !== 'managed') return undefined;
  return new BackupBucket(stack, 'Backups', {
    bucketName: backupBucketName(scope, gcp.project),
    region: gcp.region,
    deletionProtection: context.protect,
    ...(dumps === undefined ? {} : { retentionDays: Math.ceil(dumps.retention.seconds / 86_400) }),
  });
}

/** Scheduled dumps to the bucket, when they were asked for. */
export function foundationDumps(
  { stack, context }: FoundationParts,
  database: PostgresInstance,
  bucket: BackupBucket,
): DatabaseExport | undefined {
  const { spec, scope, gcp } = context;
  if (spec.postgres?.kind !== 'managed' || spec.postgres.backups.dumps === undefined) return undefined;
  const { project, region } = gcp;
  const identity = new WorkloadIdentity(stack, 'DumpIdentity', { project, accountId: accountId(scope, 'dumps') });
  return new DatabaseExport(stack, 'Dumps', {
    project,
    region,
    jobName: workloadName(scope, 'dumps'),
    database,
    bucket,
    cron: spec.postgres.backups.dumps.cron,
    identity,
  });
}
