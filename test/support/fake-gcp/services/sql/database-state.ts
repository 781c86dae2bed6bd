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
}

/** A Cloud SQL instance: a real PostgreSQL server on a loopback address. */
export interface DatabaseInstance {
  readonly name: string;
  readonly createdAt: Date;
  readonly address: string;
  readonly version: string;
  settings: Readonly<Record<string, unknown>>;
  state: 'PENDING_CREATE' | 'RUNNABLE' | 'MAINTENANCE';
  readonly server: DatabaseServer;
}

/** The databases of one fake: `world.state(databaseState)`. */
export interface DatabaseState {
  readonly instances: ReadonlyMap<string, DatabaseInstance>;
  /** Newest first. */
  readonly backups: readonly BackupRun[];
  create(
    name: string,
    options?: { readonly version?: string; readonly settings?: Readonly<Record<string, unknown>> },
  ): Promise<DatabaseInstance>;
  /** @throws GoogleError instanceDoesNotExist */
  instance(name: string | undefined): DatabaseInstance;
  /** A user as Cloud SQL makes one: it may make roles and databases, and is no superuser. */
  setUser(instance: DatabaseInstance, name: string, password: string): Promise<void>;
  createDatabase(instance: DatabaseInstance, name: string): Promise<void>;
  /** Goes on in the background. */
  backUp(instance: DatabaseInstance, description: string): BackupRun;
  remove(instance: DatabaseInstance): Promise<void>;
}

const port = 5432;

export function databaseState(world: FakeWorld): DatabaseState {
  const instances = new Map<string, DatabaseInstance>();
  const backups: BackupRun[] = [];
  const taken = new Set<string>();
  const root = openDirectory('fake-gcp-sql-');
  world.onStop(async () => {
    await Promise.all([...instances.values()].map(async ({ server }) => await server.stop()));
    rmSync(root, { recursive: true, force: true });
  });
  return {
    instances,
    backups,
    async create(name, { version = 'POSTGRES_16', settings = {} } = {}) {
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
      if (instance.state !== 'RUNNABLE')
        throw new GoogleError('ABORTED', 'Operation failed because another operation was already in progress.', {
          reason: 'operationInProgress',
        });
      const enqueuedAt = new Date();
      const run: BackupRun = {
        id: String(enqueuedAt.getTime()) + String(backups.length).padStart(3, '0'),
        instance: instance.name,
        description,
        enqueuedAt,
        directory: join(root, `backup-${world.newId(12)}`),
        endedAt: undefined,
        status: 'RUNNING',
      };
      backups.unshift(run);
      instance.state = 'MAINTENANCE';
      world.background(
        copyOfRunning(instance.server, run.directory)
          .then(() => void (run.status = 'SUCCESSFUL'))
          .catch(() => void (run.status = 'FAILED'))
          .finally(() => {
            run.endedAt = new Date();
            instance.state = 'RUNNABLE';
          }),
      );
      return run;
    },
    async remove(instance) {
      instances.delete(instance.name);
      await instance.server.stop();
      rmSync(instance.server.dataDirectory, { recursive: true, force: true });
    },
  };
}

export function noSuchBackup(): GoogleError {
  return notFound('The backup run does not exist.');
}
