import type { DBInstance, DBSnapshot, Tag } from '@aws-sdk/client-rds';
import type { AwsClients } from '../clients/aws-clients.js';
import { awsErrorName } from '../clients/aws-failure.js';
import { isoTime } from '../clients/iso-time.js';
import { allPages } from '../clients/pages.js';
import type { DatabaseSnapshot, DatabaseState } from './database-tools.js';

/** An instance as RDS tells it; undefined: there is none. */
export async function readInstance(
  clients: AwsClients,
  DBInstanceIdentifier: string,
  abortSignal: AbortSignal,
): Promise<DBInstance | undefined> {
  const rds = await clients.rds();
  return await unlessMissing(async () => {
    const { DBInstances: [found] = [] } = await rds.describeDBInstances({ DBInstanceIdentifier }, { abortSignal });
    return found;
  });
}

/** Instances whose id begins so. */
export async function listInstances(
  clients: AwsClients,
  prefix: string,
  abortSignal: AbortSignal,
): Promise<readonly DatabaseState[]> {
  const rds = await clients.rds();
  const all = await allPages(async (Marker) => {
    const page = await rds.describeDBInstances({ Marker }, { abortSignal });
    return { items: page.DBInstances ?? [], next: page.Marker };
  });
  return all.filter(({ DBInstanceIdentifier = '' }) => DBInstanceIdentifier.startsWith(prefix)).map(databaseState);
}

/** Snapshots of an instance, newest first; also of one that is gone. */
export async function listSnapshots(
  clients: AwsClients,
  DBInstanceIdentifier: string,
  abortSignal: AbortSignal,
): Promise<readonly DatabaseSnapshot[]> {
  const rds = await clients.rds();
  const all = await allPages(async (Marker) => {
    const page = await rds.describeDBSnapshots({ DBInstanceIdentifier, Marker }, { abortSignal });
    return { items: page.DBSnapshots ?? [], next: page.Marker };
  });
  return all.map(databaseSnapshot).toSorted((a, b) => (b.createdAt ?? '9').localeCompare(a.createdAt ?? '9', 'en'));
}

/** A snapshot; undefined: there is none. */
export async function readSnapshot(
  clients: AwsClients,
  DBSnapshotIdentifier: string,
  abortSignal: AbortSignal,
): Promise<(DatabaseSnapshot & { readonly percent: number }) | undefined> {
  const rds = await clients.rds();
  return await unlessMissing(async () => {
    const { DBSnapshots: [found] = [] } = await rds.describeDBSnapshots({ DBSnapshotIdentifier }, { abortSignal });
    return found === undefined ? undefined : { ...databaseSnapshot(found), percent: found.PercentProgress ?? 0 };
  });
}

/** Pure: an instance in our own words. */
export function databaseState(instance: DBInstance): DatabaseState {
  return {
    id: instance.DBInstanceIdentifier ?? '',
    status: instance.DBInstanceStatus ?? '',
    engineVersion: instance.EngineVersion ?? '',
    instanceClass: instance.DBInstanceClass ?? '',
    storageGiB: instance.AllocatedStorage ?? 0,
    isMultiAz: instance.MultiAZ ?? false,
    isProtected: instance.DeletionProtection ?? false,
    host: instance.Endpoint?.Address ?? null,
    port: instance.Endpoint?.Port ?? null,
    restorableUntil: isoTime(instance.LatestRestorableTime),
    tags: tagsOf(instance.TagList),
  };
}

function databaseSnapshot(snapshot: DBSnapshot): DatabaseSnapshot {
  return {
    id: snapshot.DBSnapshotIdentifier ?? '',
    instance: snapshot.DBInstanceIdentifier ?? '',
    createdAt: isoTime(snapshot.SnapshotCreateTime),
    status: snapshot.Status ?? '',
    kind: snapshot.SnapshotType ?? '',
    storageGiB: snapshot.AllocatedStorage ?? 0,
    tags: tagsOf(snapshot.TagList),
  };
}

function tagsOf(tags: readonly Tag[] | undefined): Readonly<Record<string, string>> {
  return Object.fromEntries((tags ?? []).map(({ Key = '', Value = '' }) => [Key, Value]));
}

/** What RDS calls an instance or snapshot that is not there; by its wire name and by that of the SDK's class. */
const missing: ReadonlySet<string> = new Set([
  'DBInstanceNotFound',
  'DBInstanceNotFoundFault',
  'DBSnapshotNotFound',
  'DBSnapshotNotFoundFault',
]);

/** Undefined for what is not there. */
export async function unlessMissing<T>(work: () => Promise<T>): Promise<T | undefined> {
  try {
    return await work();
  } catch (error) {
    if (missing.has(awsErrorName(error) ?? '')) return undefined;
    throw error;
  }
}
