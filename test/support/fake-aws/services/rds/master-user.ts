import { escapeIdentifier, escapeLiteral } from 'pg';
import type { DatabaseServer } from '../../../cloud/postgres/database-server.js';

/** The master user may make roles and databases; the superuser stays the provider's. */
export async function makeMasterUser(server: DatabaseServer, name: string, password: string): Promise<void> {
  const [known] = await server.query(`SELECT 1 FROM pg_roles WHERE rolname = ${escapeLiteral(name)}`);
  if (known === undefined) {
    await server.query(`CREATE ROLE ${escapeIdentifier(name)} LOGIN CREATEROLE CREATEDB`);
    await server.query(
      `CREATE ROLE rds_superuser; CREATE ROLE rds_iam; GRANT pg_monitor, pg_signal_backend, pg_checkpoint TO rds_superuser`,
    );
    await server.query(`GRANT rds_superuser TO ${escapeIdentifier(name)}`);
  }
  await server.query(`ALTER ROLE ${escapeIdentifier(name)} PASSWORD ${escapeLiteral(password)}`);
}
