import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { escapeIdentifier, escapeLiteral } from 'pg';
import {
  copyDirectory,
  copyOfRunning,
  type DatabaseServer,
  startDatabaseServer,
} from '../../../cloud/postgres/database-server.js';
import { openDirectory, postgresTemplate } from '../../../cloud/postgres/postgres-template.js';
import { loopbackAddresses } from '../../../cloud/processes/loopback-addresses.js';
import type { FakeWorld } from '../../fake-world.js';
import { GoogleError, notFound } from '../../google-error.js';

/** A backup: a copy of the data. */
export interface BackupRun {
  readonly id: string;
  readonly instance: string;
  readonly description: string;
  readonly enqueuedAt: Date;
  readonly directory: string;
  endedAt: Date | undefined;
  status: 'ENQUEUED' | 'RUNNING' | 'SUCCESSFUL' | 'FAILED';
  /** When its instance went; it was kept. */
  instanceDeletedAt: Date | undefined;
  /** A test sets it: a restore of it fails, after the data that was there is gone. */
  isDamaged: boolean;
}

/** Something that is done to an instance, or was. */
export interface SqlOperation {
  readonly name: string;
  readonly type: 'BACKUP_VOLUME' | 'RESTORE_VOLUME' | 'UPDATE_USER' | 'DELETE_BACKUP';
  readonly target: string;
  readonly insertedAt: Date;
  /** Of the backup that is made or restored. */
  readonly backupId?: string;
  endedAt: Date | undefined;
  error: string | undefined;
}

/** A Cloud SQL instance: a real PostgreSQL server on a loopback address. */
export interface DatabaseInstance {
  readonly name: string;
  readonly createdAt: Date;
  readonly address: string;
  readonly version: string;
  settings: Readonly<Record<string, unknown>>;
  state: 'PENDING_CREATE' | 'RUNNABLE' | 'MAINTENANCE';
  server: DatabaseServer;
  /** Of a replica: the instance it follows. */
  readonly master: string | undefined;
}

/** The databases of one fake: `world.state(databaseState)`. */
export interface DatabaseState {
  readonly instances: ReadonlyMap<string, DatabaseInstance>;
  /** Newest first. */
  readonly backups: readonly BackupRun[];
  /** Newest first. */
  readonly operations: readonly SqlOperation[];
  create(
    name: string,
    options?: {
      readonly version?: string;
      readonly settings?: Readonly<Record<string, unknown>>;
      readonly master?: string;
    },
  ): Promise<DatabaseInstance>;
  /** @throws GoogleError instanceDoesNotExist */
  instance(name: string | undefined): DatabaseInstance;
  /** A user as Cloud SQL makes one: it may make roles and databases, and is no superuser. */
  setUser(instance: DatabaseInstance, name: string, password: string): Promise<void>;
  createDatabase(instance: DatabaseInstance, name: string): Promise<void>;
  /** Goes on in the background. */
  backUp(instance: DatabaseInstance, description: string): SqlOperation;
  /** Has the instance hold what the backup holds. Goes on in the background. */
  restore(instance: DatabaseInstance, backup: BackupRun): SqlOperation;
  removeBackup(backup: BackupRun): SqlOperation;
  /** Notes something that is done already. */
  note(type: SqlOperation['type'], target: string): SqlOperation;
  remove(instance: DatabaseInstance): Promise<void>;
}

const port = 5432;

export function databaseState(world: FakeWorld): DatabaseState {
  const instances = new Map<string, DatabaseInstance>();
  const backups: BackupRun[] = [];
  const operations: SqlOperation[] = [];
  const taken = new Set<string>();
  const root = openDirectory('fake-gcp-sql-');
  world.onStop(async () => {
    await Promise.all([...instances.values()].map(async ({ server }) => await server.stop()));
    rmSync(root, { recursive: true, force: true });
  });
  const begin = (
    type: SqlOperation['type'],
    instance: DatabaseInstance,
    backupId: string,
    work: () => Promise<void>,
  ): SqlOperation => {
    if (instance.state !== 'RUNNABLE')
      throw new GoogleError('ABORTED', 'Operation failed because another operation was already in progress.', {
        reason: 'operationInProgress',
      });
    const about = { name: world.newId(32), type, target: instance.name, insertedAt: new Date(), backupId };
    const operation: SqlOperation = { ...about, endedAt: undefined, error: undefined };
    operations.unshift(operation);
    instance.state = 'MAINTENANCE';
    world.background(
      work()
        .catch((error: unknown) => void (operation.error = String(error)))
        .finally(() => {
          operation.endedAt = new Date();
          instance.state = 'RUNNABLE';
        }),
    );
    return operation;
  };
  const replaceData = async (instance: DatabaseInstance, from: string): Promise<void> => {
    await instance.server.stop();
    rmSync(instance.server.dataDirectory, { recursive: true, force: true });
    const dataDirectory = join(root, world.newId(16));
    await copyDirectory(from, dataDirectory);
    instance.server = await startDatabaseServer({ dataDirectory, address: instance.address, port });
  };
  return {
    instances,
    backups,
    operations,
    async create(name, { version = 'POSTGRES_16', settings = {}, master } = {}) {
      if (taken.has(name)) {
        // Cloud SQL, "Delete instances": the name is blocked for a week.
        throw new GoogleError(
          'ALREADY_EXISTS',
          "The Cloud SQL instance already exists. When you delete an instance, you can't reuse the name of the deleted instance until one week from the deletion date.",
          { reason: 'instanceAlreadyExists' },
        );
      }
      taken.add(name);
      const address = world.state(loopbackAddresses).allocate();
      const dataDirectory = join(root, world.newId(16));
      await copyDirectory((await postgresTemplate()).dataDirectory, dataDirectory);
      const server = await startDatabaseServer({ dataDirectory, address, port });
      await server.query(
        'CREATE ROLE cloudsqlsuperuser CREATEROLE CREATEDB; GRANT pg_monitor, pg_signal_backend TO cloudsqlsuperuser',
      );
      const instance: DatabaseInstance = {
        name,
        createdAt: new Date(),
        address,
        version,
        settings,
        state: 'RUNNABLE',
        server,
        master,
      };
      instances.set(name, instance);
      return instance;
    },
    instance(name = '') {
      const found = instances.get(name);
      if (found !== undefined) return found;
      throw new GoogleError('NOT_FOUND', 'The Cloud SQL instance does not exist.', { reason: 'instanceDoesNotExist' });
    },
    async setUser({ server }, name, password) {
      const role = escapeIdentifier(name);
      const known = await server.query(`SELECT 1 FROM pg_roles WHERE rolname = ${escapeLiteral(name)}`);
      if (known.length === 0)
        await server.query(`CREATE ROLE ${role} LOGIN CREATEROLE CREATEDB IN ROLE cloudsqlsuperuser`);
      await server.query(`ALTER ROLE ${role} PASSWORD ${escapeLiteral(password)}`);
    },
    async createDatabase({ server }, name) {
      await server.query(`CREATE DATABASE ${escapeIdentifier(name)} OWNER cloudsqlsuperuser`);
    },
    backUp(instance, description) {
      const enqueuedAt = new Date();
      const run: BackupRun = {
        id: String(enqueuedAt.getTime()) + String(backups.length).padStart(3, '0'),
        instance: instance.name,
        description,
        enqueuedAt,
        directory: join(root, `backup-${world.newId(12)}`),
        endedAt: undefined,
        status: 'RUNNING',
        instanceDeletedAt: undefined,
        isDamaged: false,
      };
      const operation = begin('BACKUP_VOLUME', instance, run.id, async () => {
        await copyOfRunning(instance.server, run.directory)
          .then(() => void (run.status = 'SUCCESSFUL'))
          .catch(() => void (run.status = 'FAILED'));
        run.endedAt = new Date();
      });
      backups.unshift(run);
      return operation;
    },
    restore(instance, backup) {
      const replica = [...instances.values()].find(({ master }) => master === instance.name);
      if (replica !== undefined)
        throw new GoogleError('FAILED_PRECONDITION', 'This operation is not valid for an instance with read replicas.');
      return begin('RESTORE_VOLUME', instance, backup.id, async () => {
        const { dataDirectory } = await postgresTemplate();
        await replaceData(instance, backup.isDamaged ? dataDirectory : backup.directory);
        if (backup.isDamaged) throw new Error('the backup cannot be read');
      });
    },
    removeBackup(backup) {
      backups.splice(backups.indexOf(backup), 1);
      rmSync(backup.directory, { recursive: true, force: true });
      return this.note('DELETE_BACKUP', backup.instance);
    },
    note(type, target) {
      const now = new Date();
      const operation = { name: world.newId(32), type, target, insertedAt: now, endedAt: now, error: undefined };
      operations.unshift(operation);
      return operation;
    },
    async remove(instance) {
      if (instance.settings['deletionProtectionEnabled'] === true) {
        throw new GoogleError(
          'FAILED_PRECONDITION',
          'The instance is protected. Please disable the deletion protection.',
          {
            reason: 'instanceDeletionProtected',
          },
        );
      }
      instances.delete(instance.name);
      const isKept = instance.settings['retainBackupsOnDelete'] === true;
      for (const backup of backups.filter((one) => one.instance === instance.name)) {
        if (isKept) backup.instanceDeletedAt = new Date();
        else backups.splice(backups.indexOf(backup), 1);
      }
      await instance.server.stop();
      rmSync(instance.server.dataDirectory, { recursive: true, force: true });
    },
  };
}

export function noSuchBackup(): GoogleError {
  return notFound('The backup run does not exist.');
}
