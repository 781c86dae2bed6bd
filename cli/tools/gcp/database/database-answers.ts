import * as z from 'zod';
import type { DatabaseBackup, DatabaseState } from './database-tools.js';

const numeric = z.union([z.string(), z.number()]);

/** An instance of `gcloud sql instances describe`, as far as it is of use here. */
export const instanceAnswer = z.object({
  name: z.string(),
  state: z.string(),
  databaseVersion: z.string(),
  replicaNames: z.array(z.string()).default([]),
  settings: z
    .object({
      tier: z.string().default(''),
      availabilityType: z.string().default('ZONAL'),
      dataDiskSizeGb: numeric.default(0),
    })
    .prefault({}),
});

/** A backup of an instance that is there. */
export const backupAnswer = z.object({
  id: numeric.transform(String),
  instance: z.string(),
  status: z.string(),
  type: z.string().default('ON_DEMAND'),
  description: z.string().default(''),
  startTime: z.string().optional(),
  enqueuedTime: z.string().optional(),
});

/** A backup of the project (Cloud SQL Admin API, `backups`). */
export const keptAnswer = z.object({
  name: z.string(),
  instance: z.string().default(''),
  state: z.string().default(''),
  type: z.string().default('ON_DEMAND'),
  description: z.string().default(''),
  /** Only of an instance that is gone. */
  instanceDeletionTime: z.string().optional(),
  backupInterval: z.object({ startTime: z.string().optional() }).prefault({}),
});

/** Something that Cloud SQL does, or has done, to an instance. */
export const operationAnswer = z.object({
  name: z.string(),
  operationType: z.string().default(''),
  status: z.string(),
  error: z
    .object({ errors: z.array(z.object({ code: z.string().optional(), message: z.string().optional() })).default([]) })
    .optional(),
});

/** Pure: an instance in our words. */
export function instanceOf({
  name,
  state,
  databaseVersion,
  settings,
  replicaNames,
}: z.output<typeof instanceAnswer>): DatabaseState {
  return {
    instance: name,
    state,
    version: databaseVersion,
    tier: settings.tier,
    isHighlyAvailable: settings.availabilityType === 'REGIONAL',
    storageGiB: Number(settings.dataDiskSizeGb),
    replicas: replicaNames,
  };
}

/** Pure: a backup of an instance that is there. */
export function backupOf({ startTime, enqueuedTime, ...backup }: z.output<typeof backupAnswer>): DatabaseBackup {
  return { ...backup, startedAt: startTime ?? enqueuedTime ?? null };
}

/** Pure: a backup of an instance that is gone; none for one that is there, whose backups have numbers. */
export function keptOf(answer: z.output<typeof keptAnswer>): readonly DatabaseBackup[] {
  const { name, instance, type, description, state, instanceDeletionTime, backupInterval } = answer;
  if (instanceDeletionTime === undefined || state !== 'SUCCESSFUL') return [];
  return [{ id: name, instance, status: state, type, description, startedAt: backupInterval.startTime ?? null }];
}
