import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { FakeService, GoogleCall, Route } from '../../fake-service.js';
import type { FakeWorld } from '../../fake-world.js';
import { notFound } from '../../google-error.js';
import { type BackupRun, type DatabaseInstance, databaseState, noSuchBackup } from './database-state.js';

/** The Cloud SQL Admin API, in front of real PostgreSQL servers. */
export const sql: FakeService = { name: 'sql', routes };

const base = '/sql/v1beta4/projects/{project}/instances';

function routes(world: FakeWorld): readonly Route[] {
  const state = world.state(databaseState);
  const operations = new Map<string, { readonly run: BackupRun }>();
  const named = ({ path }: GoogleCall): DatabaseInstance => state.instance(path['instance']);
  const operationView = (name: string, run: BackupRun): unknown => ({
    kind: 'sql#operation',
    name,
    operationType: 'BACKUP_VOLUME',
    targetId: run.instance,
    targetProject: world.project,
    status: run.endedAt === undefined ? 'RUNNING' : 'DONE',
    insertTime: run.enqueuedAt.toISOString(),
    ...(run.endedAt === undefined ? {} : { endTime: run.endedAt.toISOString() }),
    backupContext: { kind: 'sql#backupContext', backupId: run.id },
  });
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
        const run = state.backUp(named(call), description);
        const name = world.newId(32);
        operations.set(name, { run });
        return operationView(name, run);
      },
    },
    {
      method: 'GET',
      path: '/sql/v1beta4/projects/{project}/operations/{name}',
      name: 'operations.get',
      handle: ({ path }) => {
        const found = operations.get(path['name'] ?? '');
        if (found === undefined) throw notFound('The Cloud SQL operation does not exist.');
        return operationView(path['name'] ?? '', found.run);
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

function instanceView({ project, region }: FakeWorld, instance: DatabaseInstance): unknown {
  const { name, state, version, settings, address, createdAt } = instance;
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
    serverCaCert: { kind: 'sql#sslCert', instance: name, cert: certificateOf(instance) },
    settings: { kind: 'sql#settings', ...settings },
  };
}

/** The certificate that its server shows, which is its own CA; empty where there is no openssl. */
export function certificateOf({ server }: DatabaseInstance): string {
  const file = join(server.dataDirectory, 'server.crt');
  return existsSync(file) ? readFileSync(file, 'utf8') : '';
}
