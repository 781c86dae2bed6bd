import { Client } from 'pg';
import type { SupervisorClient } from '../../cli/supervisor/client.js';
import type { BackupRecord, BackupStatus, RestoreStatus } from '../../cli/supervisor/protocol.js';
import { readSecretStore } from '../../cli/supervisor/secret-store.js';
import { eventually } from './eventually.js';

/** What the tests of backups ask for. */
export const databaseRequest = { database: 'app', user: 'agent', extensions: [] };

/** Asks the database of a stage as the agent does. */
export async function ask(stateDirectory: string, port: number, sql: string): Promise<Record<string, unknown>[]> {
  const password = readSecretStore(stateDirectory).generated['postgres.password'] ?? '';
  const client = new Client({ host: '127.0.0.1', port, user: 'agent', database: 'app', password });
  client.on('error', () => undefined);
  await client.connect();
  try {
    return (await client.query<Record<string, unknown>>(sql)).rows;
  } finally {
    await client.end();
  }
}

/** Waits until a backup has ended. */
export async function backupEnded(client: SupervisorClient, id: string): Promise<BackupStatus> {
  return await eventually(async () => {
    const status = await client.backup(id);
    return status !== undefined && status.state !== 'running' ? status : undefined;
  }, 60);
}

/** Takes a backup; throws unless that works. */
export async function backedUp(client: SupervisorClient, id: string): Promise<BackupRecord> {
  await client.putBackup({ id, reason: 'manual' });
  const status = await backupEnded(client, id);
  if (status.state !== 'done') throw new Error(JSON.stringify(status));
  return status.backup;
}

/** Waits until a restore has ended. */
export async function restoreEnded(client: SupervisorClient, id: string): Promise<RestoreStatus> {
  return await eventually(async () => {
    const status = await client.restore(id);
    return status !== undefined && status.state !== 'running' ? status : undefined;
  }, 90);
}
