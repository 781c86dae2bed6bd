import { Client } from 'pg';
import { connectSupervisor } from '../../cli/supervisor/launch.js';
import { readSecretStore } from '../../cli/supervisor/secret-store.js';
import type { LocalProject } from './local-project.js';

/** The versions that migrations have brought the schema of a project to; throws when no database runs. */
export async function schemaVersions({ stateDirectory }: LocalProject): Promise<readonly number[]> {
  const postgres = (await (await connectSupervisor(stateDirectory))?.status())?.postgres;
  if (postgres === null || postgres === undefined) throw new Error('no database runs');
  const { host, port, user, database } = postgres;
  const password = readSecretStore(stateDirectory).generated['postgres.password'];
  const client = new Client({ host, port, user, database, password });
  await client.connect();
  try {
    const { rows } = await client.query<{ version: number }>('SELECT version FROM schema_version ORDER BY version');
    return rows.map((row) => row.version);
  } finally {
    await client.end();
  }
}
