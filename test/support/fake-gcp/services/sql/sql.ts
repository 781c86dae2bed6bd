import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { FakeService, GoogleCall, Route } from '../../fake-service.js';
import type { FakeWorld } from '../../fake-world.js';
import { notFound } from '../../google-error.js';
import {
  type BackupRun,
  type DatabaseInstance,
  databaseState,
  noSuchBackup,
  type SqlOperation,
} from './database-state.js';

interface RestoreBody {
  readonly backup?: string;
  readonly restoreBackupContext?: { readonly backupRunId?: string | number };
}

/** The Cloud SQL Admin API, in front of real PostgreSQL servers. */
export const sql: FakeService = { name: 'sql', routes };

const base = '/sql/v1beta4/projects/{project}/instances';

function routes(world: FakeWorld): readonly Route[] {
  const state = world.state(databaseState);
  const named = ({ path }: GoogleCall): DatabaseInstance => state.instance(path['instance']);
  const operationView = (operation: SqlOperation): unknown => {
    const { name, type, target, insertedAt, endedAt, error, backupId } = operation;
    return {
      kind: 'sql#operation',
      name,
      operationType: type,
      targetId: target,
      targetProject: world.project,
      status: endedAt === undefined ? 'RUNNING' : 'DONE',
      insertTime: insertedAt.toISOString(),
      ...(endedAt === undefined ? {} : { endTime: endedAt.toISOString() }),
      ...(error === undefined
        ? {}
        : {
            error: {
              kind: 'sql#operationErrors',
              errors: [{ kind: 'sql#operationError', code: 'INTERNAL_ERROR', message: error }],
            },
          }),
      ...(backupId === undefined ? {} : { backupContext: { kind: 'sql#backupContext', backupId } }),
    };
  };
  const project = ({ id }: Pick<BackupRun, 'id'>): string => `projects/${world.project}/backups/kept-${id}`;
  const runsOf = ({ name }: DatabaseInstance): BackupRun[] => state.backups.filter(({ instance }) => instance === name);
  return [
    {
      method: 'GET',
      path: base,
      name: 'instances.list',
      handle: () => ({
        kind: 'sql#instancesList',
        items: [...state.instances.values()].map((each) => instanceView(world, each)),
      }),
    },
    {
      method: 'GET',
      path: `${base}/{instance}`,
      name: 'instances.get',
      handle: (call) => instanceView(world, named(call)),
    },
    {
      method: 'GET',
      path: `${base}/{instance}/backupRuns`,
      name: 'backupRuns.list',
      handle: (call) => ({
        kind: 'sql#backupRunsList',
        items: runsOf(named(call)).map((run) => backupView(world, run)),
      }),
    },
    {
      method: 'GET',
      path: `${base}/{instance}/backupRuns/{id}`,
      name: 'backupRuns.get',
      handle: (call) => {
        const found = runsOf(named(call)).find(({ id }) => id === call.path['id']);
        if (found === undefined) throw noSuchBackup();
        return backupView(world, found);
      },
    },
    {
      method: 'POST',
      path: `${base}/{instance}/backupRuns`,
      name: 'backupRuns.insert',
      handle: (call) => {
        const { description = '' } = (call.body ?? {}) as { description?: string };
        return operationView(state.backUp(named(call), description));
      },
    },
    {
      method: 'GET',
      path: '/sql/v1beta4/projects/{project}/operations/{name}',
      name: 'operations.get',
      handle: ({ path }) => {
        const found = state.operations.find(({ name }) => name === path['name']);
        if (found === undefined) throw notFound('The Cloud SQL operation does not exist.');
        return operationView(found);
      },
    },
    {
      method: 'GET',
      path: '/sql/v1beta4/projects/{project}/operations',
      name: 'operations.list',
      handle: ({ query }) => {
        const items = state.operations.filter(({ target }) => target === query.get('instance'));
        return { kind: 'sql#operationsList', items: items.map(operationView) };
      },
    },
    {
      method: 'DELETE',
      path: `${base}/{instance}/backupRuns/{id}`,
      name: 'backupRuns.delete',
      handle: (call) => {
        const found = runsOf(named(call)).find(({ id }) => id === call.path['id']);
        if (found === undefined) throw noSuchBackup();
        return operationView(state.removeBackup(found));
      },
    },
    {
      method: 'POST',
      path: `${base}/{instance}/restoreBackup`,
      name: 'instances.restoreBackup',
      handle: (call) => {
        const { backup, restoreBackupContext: { backupRunId } = {} } = call.body as RestoreBody;
        const found = state.backups.find((one) =>
          backup === undefined ? one.id === String(backupRunId) : project(one) === backup,
        );
        if (found === undefined) throw noSuchBackup();
        return operationView(state.restore(named(call), found));
      },
    },
    {
      method: 'PUT',
      path: `${base}/{instance}/users`,
      name: 'users.update',
      handle: async (call) => {
        const { password = '' } = call.body as { password?: string };
        const instance = named(call);
        await state.setUser(instance, call.query.get('name') ?? '', password);
        return operationView(state.note('UPDATE_USER', instance.name));
      },
    },
    {
      method: 'GET',
      path: '/sql/v1beta4/projects/{project}/backups',
      name: 'Backups.ListBackups',
      handle: () => ({
        backups: state.backups.map((run) => ({
          kind: 'sql#backup',
          name: project(run),
          instance: run.instance,
          state: run.status,
          type: 'ON_DEMAND',
          description: run.description,
          backupInterval: { startTime: run.enqueuedAt.toISOString() },
          ...(run.instanceDeletedAt === undefined ? {} : { instanceDeletionTime: run.instanceDeletedAt.toISOString() }),
        })),
      }),
    },
    {
      method: 'DELETE',
      path: '/sql/v1beta4/projects/{project}/backups/{id}',
      name: 'Backups.DeleteBackup',
      handle: ({ path }) => {
        const found = state.backups.find(({ id }) => `kept-${id}` === path['id']);
        if (found === undefined) throw noSuchBackup();
        return operationView(state.removeBackup(found));
      },
    },
  ];
}

function backupView({ project }: FakeWorld, run: BackupRun): unknown {
  return {
    kind: 'sql#backupRun',
    id: run.id,
    instance: run.instance,
    status: run.status,
    type: 'ON_DEMAND',
    backupKind: 'SNAPSHOT',
    description: run.description,
    enqueuedTime: run.enqueuedAt.toISOString(),
    startTime: run.enqueuedAt.toISOString(),
    ...(run.endedAt === undefined ? {} : { endTime: run.endedAt.toISOString() }),
    selfLink: `https://sqladmin.googleapis.com/sql/v1beta4/projects/${project}/instances/${run.instance}/backupRuns/${run.id}`,
  };
}

function instanceView(world: FakeWorld, instance: DatabaseInstance): unknown {
  const { project, region } = world;
  const { name, state, version, settings, address, createdAt } = instance;
  const replicas = [...world.state(databaseState).instances.values()].filter(({ master }) => master === name);
  return {
    kind: 'sql#instance',
    name,
    project,
    region,
    state,
    databaseVersion: version,
    backendType: 'SECOND_GEN',
    instanceType: 'CLOUD_SQL_INSTANCE',
    connectionName: `${project}:${region}:${name}`,
    createTime: createdAt.toISOString(),
    ipAddresses: [{ type: 'PRIVATE', ipAddress: address }],
    ...(replicas.length === 0 ? {} : { replicaNames: replicas.map((replica) => replica.name) }),
    serverCaCert: { kind: 'sql#sslCert', instance: name, cert: certificateOf(instance) },
    settings: { kind: 'sql#settings', ...settings },
  };
}

/** The certificate that its server shows, which is its own CA; empty where there is no openssl. */
export function certificateOf({ server }: DatabaseInstance): string {
  const file = join(server.dataDirectory, 'server.crt');
  return existsSync(file) ? readFileSync(file, 'utf8') : '';
}
