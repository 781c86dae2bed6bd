import { rmSync } from 'node:fs';
import { join } from 'node:path';
import type { FakeWorld } from '../../fake-world.js';
import { ServiceError } from '../../service-error.js';
import { loopbackAddresses } from '../../../cloud/processes/loopback-addresses.js';
import {
  copyDirectory,
  copyOfRunning,
  type DatabaseServer,
  makeDatabase,
  startDatabaseServer,
} from '../../../cloud/postgres/database-server.js';
import { makeMasterUser } from './master-user.js';
import { openDirectory, postgresTemplate } from '../../../cloud/postgres/postgres-template.js';

/** What a database is made with; the names are those of the API and of templates. */
export interface DatabaseSettings {
  readonly port: number;
  readonly engineVersion: string;
  readonly masterUsername: string;
  readonly databaseName: string | undefined;
  readonly instanceClass: string;
  readonly allocatedStorage: number;
  readonly multiAz: boolean;
  readonly deletionProtection: boolean;
  readonly backupRetentionPeriod: number;
  readonly kmsKeyId: string | undefined;
  readonly parameterGroup: string | undefined;
  readonly subnetGroup: string | undefined;
  readonly securityGroups: readonly string[];
  readonly tags: readonly { readonly Key: string; readonly Value: string }[];
}

export interface DatabaseInstance {
  identifier: string;
  readonly resourceId: string;
  readonly createdAt: Date;
  settings: DatabaseSettings;
  status: string;
  server: DatabaseServer | undefined;
}

export interface DatabaseSnapshot {
  readonly identifier: string;
  readonly instanceIdentifier: string;
  readonly settings: DatabaseSettings;
  readonly directory: string;
  readonly createdAt: Date;
  readonly isFinal: boolean;
  status: string;
}

/** Databases and their snapshots, by identifier. What takes time goes on after the call: see `status`. */
export interface RdsState {
  readonly instances: Map<string, DatabaseInstance>;
  readonly snapshots: Map<string, DatabaseSnapshot>;
  /** Of an identifier, as the name of an endpoint is: whoever takes it over is found there. */
  addressOf(identifier: string): string;
  /** @throws ServiceError DBInstanceNotFound */
  instance(identifier: string | undefined): DatabaseInstance;
  /** @throws ServiceError DBSnapshotNotFound */
  snapshot(identifier: string | undefined): DatabaseSnapshot;
  create(identifier: string, settings: DatabaseSettings, password: string): Promise<DatabaseInstance>;
  restore(identifier: string, snapshot: DatabaseSnapshot, settings: DatabaseSettings): Promise<DatabaseInstance>;
  /** A final one has the tags of its instance. */
  takeSnapshot(
    instance: DatabaseInstance,
    identifier: string,
    options?: { readonly isFinal?: boolean; readonly tags?: DatabaseSettings['tags'] },
  ): Promise<DatabaseSnapshot>;
  rename(instance: DatabaseInstance, identifier: string): Promise<void>;
  remove(instance: DatabaseInstance): Promise<void>;
}

/** The databases of one fake: `world.state(rdsState)`. */
export function rdsState(world: FakeWorld): RdsState {
  const instances = new Map<string, DatabaseInstance>();
  const snapshots = new Map<string, DatabaseSnapshot>();
  const addresses = new Map<string, string>();
  const root = openDirectory('fake-rds-');
  world.onStop(async () => {
    await Promise.all([...instances.values()].map(async ({ server }) => await server?.stop()));
    rmSync(root, { recursive: true, force: true });
  });
  const start = async (instance: DatabaseInstance, dataDirectory: string): Promise<DatabaseServer> => {
    const address = state.addressOf(instance.identifier);
    instance.server = await startDatabaseServer({ dataDirectory, address, port: instance.settings.port });
    return instance.server;
  };
  const add = (identifier: string, settings: DatabaseSettings): DatabaseInstance => {
    if (instances.has(identifier)) throw new ServiceError('DBInstanceAlreadyExists', 'DB instance already exists');
    const resourceId = `db-${world.newId(26).toUpperCase()}`;
    const instance = { identifier, resourceId, createdAt: new Date(), settings, status: 'creating', server: undefined };
    instances.set(identifier, instance);
    return instance;
  };
  const state: RdsState = {
    instances,
    snapshots,
    addressOf(identifier) {
      const address = addresses.get(identifier) ?? world.state(loopbackAddresses).allocate();
      addresses.set(identifier, address);
      return address;
    },
    instance(identifier = '') {
      const found = instances.get(identifier.toLowerCase());
      if (found !== undefined) return found;
      throw new ServiceError('DBInstanceNotFound', `DBInstance ${identifier} not found.`, { status: 404 });
    },
    snapshot(identifier = '') {
      const found = snapshots.get(identifier.toLowerCase().split(':snapshot:').at(-1) ?? '');
      if (found !== undefined) return found;
      throw new ServiceError('DBSnapshotNotFound', `DBSnapshot not found: ${identifier}`, { status: 404 });
    },
    async create(identifier, settings, password) {
      const instance = add(identifier, settings);
      const dataDirectory = join(root, instance.resourceId);
      await copyDirectory((await postgresTemplate()).dataDirectory, dataDirectory);
      const server = await start(instance, dataDirectory);
      await makeMasterUser(server, settings.masterUsername, password);
      if (settings.databaseName !== undefined)
        await makeDatabase(server, settings.databaseName, settings.masterUsername);
      instance.status = 'available';
      return instance;
    },
    async restore(identifier, snapshot, settings) {
      const instance = add(identifier, settings);
      const dataDirectory = join(root, instance.resourceId);
      await copyDirectory(snapshot.directory, dataDirectory);
      await start(instance, dataDirectory);
      instance.status = 'available';
      return instance;
    },
    async takeSnapshot(instance, identifier, { isFinal = false, tags } = {}) {
      if (snapshots.has(identifier)) {
        const message = `Cannot create the snapshot because a snapshot with the identifier ${identifier} already exists.`;
        throw new ServiceError('DBSnapshotAlreadyExists', message);
      }
      const { server, settings } = instance;
      if (server === undefined || instance.status !== 'available') throw notAvailable(instance);
      const snapshot: DatabaseSnapshot = {
        identifier,
        instanceIdentifier: instance.identifier,
        settings: { ...settings, tags: tags ?? settings.tags },
        directory: join(root, `snapshot-${world.newId(16)}`),
        createdAt: new Date(),
        isFinal,
        status: 'creating',
      };
      snapshots.set(identifier, snapshot);
      instance.status = 'backing-up';
      await copyOfRunning(server, snapshot.directory);
      snapshot.status = 'available';
      instance.status = 'available';
      return snapshot;
    },
    async rename(instance, identifier) {
      if (instances.has(identifier)) throw new ServiceError('DBInstanceAlreadyExists', 'DB instance already exists');
      const { server } = instance;
      if (server === undefined) throw notAvailable(instance);
      instances.delete(instance.identifier);
      instance.identifier = identifier;
      instances.set(identifier, instance);
      instance.status = 'renaming';
      await server.stop();
      await start(instance, server.dataDirectory);
      instance.status = 'available';
    },
    async remove(instance) {
      instance.status = 'deleting';
      const { server } = instance;
      await server?.stop();
      if (server !== undefined) rmSync(server.dataDirectory, { recursive: true, force: true });
      instances.delete(instance.identifier);
    },
  };
  return state;
}

export function notAvailable({ identifier, status }: DatabaseInstance): ServiceError {
  return new ServiceError('InvalidDBInstanceState', `Instance ${identifier} is not in available state (${status}).`);
}
