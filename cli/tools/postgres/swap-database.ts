import { type Client, escapeIdentifier, escapeLiteral } from 'pg';
import * as z from 'zod';
import { type AdminConnection, asAdmin } from './as-admin.js';

/**
 * A restored database that takes the place of another on the same server, by two renames in one transaction: until it is
 * committed nothing has happened. What was replaced keeps a note in its comment, and takes no connections.
 */
const replacedNote = z.strictObject({
  /** Id of the restore. */
  id: z.string(),
  /** Id of the backup. */
  backup: z.string(),
  replacedAt: z.string(),
});
export type ReplacedNote = z.output<typeof replacedNote>;

/** A database that was replaced. */
export interface ReplacedDatabase extends ReplacedNote {
  readonly database: string;
  readonly bytes: number;
}

const restoredPrefix = 'agentctl_restored_';
const replacedPrefix = 'agentctl_replaced_';

/** Name of the database that a restore fills. */
export function restoredDatabase(id: string): string {
  return `${restoredPrefix}${id}`;
}

/** Makes the empty database that a restore fills; one of an earlier attempt is removed. */
export async function createRestored(connection: AdminConnection, id: string): Promise<void> {
  await asAdmin(connection, 'postgres', async (client) => {
    await drop(client, restoredDatabase(id));
    await client.query(`CREATE DATABASE ${escapeIdentifier(restoredDatabase(id))} TEMPLATE template0`);
  });
}

/** Removes what a restore that did not get to its end has made. */
export async function dropRestored(connection: AdminConnection, id: string): Promise<void> {
  await asAdmin(connection, 'postgres', (client) => drop(client, restoredDatabase(id)));
}

/** Puts the restored database in the place of `database`, whose sessions end. */
export async function swapDatabases(connection: AdminConnection, database: string, note: ReplacedNote): Promise<void> {
  const replaced = `${replacedPrefix}${note.id}`;
  await asAdmin(connection, 'postgres', async (client) => {
    const present = await exists(client, database);
    try {
      // Whoever loses its session must not be back before the rename.
      if (present) await client.query(`ALTER DATABASE ${escapeIdentifier(database)} ALLOW_CONNECTIONS false`);
      for (const name of [database, restoredDatabase(note.id)]) await endSessions(client, name);
      await client.query('BEGIN');
      if (present) {
        await client.query(`ALTER DATABASE ${escapeIdentifier(database)} RENAME TO ${escapeIdentifier(replaced)}`);
        const text = escapeLiteral(JSON.stringify(note));
        await client.query(`COMMENT ON DATABASE ${escapeIdentifier(replaced)} IS ${text}`);
      }
      await client.query(
        `ALTER DATABASE ${escapeIdentifier(restoredDatabase(note.id))} RENAME TO ${escapeIdentifier(database)}`,
      );
      await client.query('COMMIT');
    } catch (error) {
      await client.query('ROLLBACK').catch(() => undefined);
      if (present) await client.query(`ALTER DATABASE ${escapeIdentifier(database)} ALLOW_CONNECTIONS true`);
      throw error;
    }
  });
}

/** After a swap that was cut short: the database takes connections again, whichever of the two it is. */
export async function settleDatabases(connection: AdminConnection, database: string): Promise<void> {
  await asAdmin(connection, 'postgres', async (client) => {
    if (await exists(client, database))
      await client.query(`ALTER DATABASE ${escapeIdentifier(database)} ALLOW_CONNECTIONS true`);
    for (const name of await namesLike(client, restoredPrefix)) await drop(client, name);
  });
}

/** Databases that restores have replaced, most recent first. */
export async function replacedDatabases(connection: AdminConnection): Promise<readonly ReplacedDatabase[]> {
  return await asAdmin(connection, 'postgres', async (client) => {
    const { rows } = await client.query<{ database: string; bytes: string; note: string | null }>(
      `SELECT datname::text AS database, pg_database_size(oid) AS bytes, shobj_description(oid, 'pg_database') AS note
       FROM pg_database WHERE starts_with(datname::text, $1)`,
      [replacedPrefix],
    );
    const found = rows.flatMap(({ database, bytes, note }) => {
      const parsed = replacedNote.safeParse(JSON.parse(note ?? 'null'));
      return parsed.success ? [{ ...parsed.data, database, bytes: Number(bytes) }] : [];
    });
    return found.toSorted((a, b) => b.replacedAt.localeCompare(a.replacedAt));
  });
}

/** False: there is none. */
export async function dropReplaced(connection: AdminConnection, id: string): Promise<boolean> {
  const name = `${replacedPrefix}${id}`;
  return await asAdmin(connection, 'postgres', async (client) => {
    if (!(await exists(client, name))) return false;
    await drop(client, name);
    return true;
  });
}

async function drop(client: Client, name: string): Promise<void> {
  await client.query(`DROP DATABASE IF EXISTS ${escapeIdentifier(name)} WITH (FORCE)`);
}

async function exists(client: Client, name: string): Promise<boolean> {
  const { rowCount } = await client.query('SELECT FROM pg_database WHERE datname = $1', [name]);
  return rowCount === 1;
}

async function namesLike(client: Client, prefix: string): Promise<readonly string[]> {
  const { rows } = await client.query<{ name: string }>(
    'SELECT datname::text AS name FROM pg_database WHERE starts_with(datname::text, $1)',
    [prefix],
  );
  return rows.map(({ name }) => name);
}

async function endSessions(client: Client, name: string): Promise<void> {
  await client.query('SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = $1', [name]);
}
