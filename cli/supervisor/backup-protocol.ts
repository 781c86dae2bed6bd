import * as z from 'zod';
import { failureBody } from './failure-body.js';

export const backupReason = z.enum(['manual', 'scheduled', 'before-migration', 'final', 'before-restore']);
export type BackupReason = z.output<typeof backupReason>;

/** A finished backup: what its `backup.json` says. */
export const backupRecord = z.strictObject({
  version: z.literal(1),
  /** `b20261120-101502-ab12`, see `backupId`. */
  id: z.string(),
  /** Of this moment is the data in it. */
  createdAt: z.string(),
  reason: backupReason,
  /** `copy`: the whole data directory of the process runtime. `dump`: one database, by `pg_dump`. */
  method: z.enum(['copy', 'dump']).default('copy'),
  /** Of the server it was taken from, `17.10`. */
  postgresVersion: z.string(),
  database: z.string(),
  /** Size of the archive. */
  bytes: z.int(),
  /** Of the archive, hexadecimal. */
  sha256: z.string(),
  /** Schema revision of the database, `alembic:3f2a91`. */
  revision: z.string().nullable(),
});
export type BackupRecord = z.output<typeof backupRecord>;

export const backupRequest = z.strictObject({
  /** Asking again for one that runs or is done starts nothing; one that failed is tried again. */
  id: z.string(),
  reason: backupReason,
});
export type BackupRequest = z.output<typeof backupRequest>;

const backupRun = { id: z.string(), reason: backupReason, startedAt: z.string() };

export const backupStatus = z.discriminatedUnion('state', [
  /** Also while it waits for another backup or a restore to end. */
  z.strictObject({ state: z.literal('running'), ...backupRun, copiedBytes: z.int() }),
  z.strictObject({ state: z.literal('done'), id: z.string(), reason: backupReason, backup: backupRecord }),
  /** Nothing of it is left. */
  z.strictObject({ state: z.literal('failed'), ...backupRun, endedAt: z.string(), problem: failureBody }),
]);
export type BackupStatus = z.output<typeof backupStatus>;

/** The backups of a stage, newest first. */
export const backupList = z.array(backupRecord);

export const restoreRequest = z.strictObject({
  /** Asking again for one that runs or is done starts nothing; one that failed is tried again. */
  id: z.string(),
  /** Id of the backup. */
  backup: z.string(),
});
export type RestoreRequest = z.output<typeof restoreRequest>;

export const restoreStatus = z.strictObject({
  ...restoreRequest.shape,
  /** `done`: the restored data serves, what served before is kept as a previous database. `failed`: what served before serves. */
  state: z.enum(['running', 'done', 'failed']),
  startedAt: z.string(),
  endedAt: z.string().nullable(),
  /** What has been done so far, a line each, for people. */
  steps: z.array(z.string()),
  /** Only when it failed. */
  problem: failureBody.nullable(),
});
export type RestoreStatus = z.output<typeof restoreStatus>;

/** Data that a restore has put aside, kept until it is deleted. */
export const previousDatabase = z.strictObject({
  /** Id of the restore. */
  id: z.string(),
  /** Id of the backup that took its place. */
  backup: z.string(),
  replacedAt: z.string(),
  /** Where it is: a directory, or a database of the server. */
  directory: z.string(),
  bytes: z.int(),
});
export type PreviousDatabase = z.output<typeof previousDatabase>;

/** Most recently replaced first. */
export const previousDatabaseList = z.array(previousDatabase);

/** `alembic:3f2a91`; null when the stage has no database. */
export const revisionAnswer = z.strictObject({ revision: z.string().nullable() });

export const backupsStatus = z.strictObject({
  /** Newest finished backup. */
  last: backupRecord.nullable(),
  /** When the schedule takes the next one; null without a schedule. */
  next: z.string().nullable(),
  /** Id of the backup that is being taken. */
  running: z.string().nullable(),
  /** Runs of the schedule, most recent first, at most 20. */
  history: z.array(backupStatus),
});
export type BackupsStatus = z.output<typeof backupsStatus>;
