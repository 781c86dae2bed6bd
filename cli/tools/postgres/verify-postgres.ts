import { type Client, escapeIdentifier } from 'pg';
import { AgentctlError, messageOf } from '../../errors.js';
import { type AdminConnection, asAdmin } from './as-admin.js';

/** What was looked at. */
export interface VerifiedServer {
  readonly databases: readonly string[];
  /** Outside the system catalogs, in all databases. */
  readonly tables: number;
  /** In those tables. */
  readonly rows: number;
  /** With those of the system catalogs. */
  readonly indexes: number;
  /** Whether the checksum of every page was checked. Data that was made without has none. */
  readonly checksums: boolean;
}

/** Findings shown when something is damaged. */
const shownFindings = 20;

/**
 * Reads everything there is on a server, the system catalogs included: `verify_heapam` and `bt_index_check` of amcheck
 * over every table and B-tree, which also find rows that an index lacks; with page checksums, every page of everything.
 *
 * @throws AgentctlError StateUnreadable: something is damaged; it says what
 */
export async function verifyPostgres(connection: AdminConnection, signal: AbortSignal): Promise<VerifiedServer> {
  const { names, checksums } = await asAdmin(connection, 'postgres', async (client) => {
    const databases = await client.query<{ name: string }>(
      'SELECT datname::text AS name FROM pg_database WHERE datallowconn ORDER BY datname',
    );
    const setting = await client.query<{ data_checksums: string }>('SHOW data_checksums');
    return { names: databases.rows.map(({ name }) => name), checksums: setting.rows[0]?.data_checksums === 'on' };
  });
  const total = { databases: names, tables: 0, rows: 0, indexes: 0, checksums };
  for (const name of names) {
    const found = await verifyDatabase(connection, name, { checksums, signal });
    total.tables += found.tables;
    total.rows += found.rows;
    total.indexes += found.indexes;
  }
  return total;
}

/** What was looked at in one database. */
export type VerifiedDatabase = Pick<VerifiedServer, 'tables' | 'rows' | 'indexes'>;

/** The same for one database of a server. Throws as {@link verifyPostgres} does. */
export async function verifyDatabase(
  connection: AdminConnection,
  name: string,
  { checksums, signal }: { readonly checksums: boolean; readonly signal: AbortSignal },
): Promise<VerifiedDatabase> {
  signal.throwIfAborted();
  try {
    return await asAdmin(connection, name, (client) => verifyConnected(client, checksums, signal));
  } catch (cause) {
    signal.throwIfAborted();
    throw damaged(name, messageOf(cause), cause);
  }
}

async function verifyConnected(client: Client, checksums: boolean, signal: AbortSignal): Promise<VerifiedDatabase> {
  await client.query('SET statement_timeout = 0');
  const extensions = [await ensureExtension(client, 'amcheck')];
  if (checksums) extensions.push(await ensureExtension(client, 'pg_prewarm'));
  const findings: string[] = [];
  const tables = await verifyTables(client, extensions[0]?.schema ?? '', findings, signal);
  const indexes = await verifyIndexes(client, extensions[0]?.schema ?? '', findings, signal);
  if (checksums) await readEveryPage(client, extensions[1]?.schema ?? '', findings, signal);
  for (const { drop } of extensions) await drop();
  if (findings.length > 0) throw new Error(findings.slice(0, shownFindings).join('\n'));
  return { ...tables, indexes };
}

/** Sequential: one connection, and the disk is what limits it. */
async function verifyTables(
  client: Client,
  schema: string,
  findings: string[],
  signal: AbortSignal,
): Promise<{ readonly tables: number; readonly rows: number }> {
  const { rows: tables } = await client.query<{ name: string; isUsers: boolean }>(`
    SELECT c.oid::regclass::text AS name, n.nspname !~ '^pg_' AND n.nspname <> 'information_schema' AS "isUsers"
    FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace JOIN pg_am a ON a.oid = c.relam
    WHERE c.relkind IN ('r', 'm') AND a.amname = 'heap' AND c.relpersistence <> 't' AND c.relispopulated ORDER BY c.oid`);
  const total = { tables: 0, rows: 0 };
  for (const { name, isUsers } of tables) {
    signal.throwIfAborted();
    await attempt(findings, name, async () => {
      const { rows } = await client.query<{ blkno: string; offnum: number | null; msg: string }>(
        `SELECT blkno, offnum, msg FROM ${escapeIdentifier(schema)}.verify_heapam($1::regclass, check_toast => true) LIMIT 3`,
        [name],
      );
      for (const { blkno, offnum, msg } of rows)
        findings.push(`${name}, block ${blkno}, item ${offnum ?? '-'}: ${msg}`);
      if (!isUsers) return;
      const counted = await client.query<{ count: string }>(`SELECT count(*) FROM ${name}`);
      total.tables += 1;
      total.rows += Number(counted.rows[0]?.count ?? 0);
    });
  }
  return total;
}

async function verifyIndexes(client: Client, schema: string, findings: string[], signal: AbortSignal): Promise<number> {
  const { rows: indexes } = await client.query<{ name: string }>(`
    SELECT c.oid::regclass::text AS name
    FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid JOIN pg_am a ON a.oid = c.relam
    WHERE a.amname = 'btree' AND c.relkind = 'i' AND c.relpersistence <> 't' AND i.indisready AND i.indisvalid
    ORDER BY c.oid`);
  for (const { name } of indexes) {
    signal.throwIfAborted();
    await attempt(findings, name, () =>
      client.query(`SELECT ${escapeIdentifier(schema)}.bt_index_check($1::regclass, true)`, [name]),
    );
  }
  return indexes.length;
}

/** The server checks a page's checksum when it reads the page. */
async function readEveryPage(client: Client, schema: string, findings: string[], signal: AbortSignal): Promise<void> {
  const { rows: relations } = await client.query<{ name: string }>(`
    SELECT oid::regclass::text AS name FROM pg_class
    WHERE relkind IN ('r', 'm', 'i', 't', 'S') AND relpersistence <> 't' ORDER BY oid`);
  for (const { name } of relations) {
    signal.throwIfAborted();
    await attempt(findings, name, () =>
      client.query(`SELECT ${escapeIdentifier(schema)}.pg_prewarm($1::regclass, 'buffer')`, [name]),
    );
  }
}

async function attempt(findings: string[], name: string, check: () => Promise<unknown>): Promise<void> {
  try {
    await check();
  } catch (error) {
    findings.push(`${name}: ${messageOf(error)}`);
  }
}

/** `drop` takes it away again if it was not there. */
async function ensureExtension(
  client: Client,
  name: string,
): Promise<{ readonly schema: string; readonly drop: () => Promise<void> }> {
  const find = async (): Promise<string | undefined> => {
    const { rows } = await client.query<{ schema: string }>(
      'SELECT n.nspname::text AS schema FROM pg_extension e JOIN pg_namespace n ON n.oid = e.extnamespace WHERE e.extname = $1',
      [name],
    );
    return rows[0]?.schema;
  };
  const there = await find();
  if (there !== undefined) return { schema: there, drop: () => Promise.resolve() };
  await client.query(`CREATE EXTENSION ${name} SCHEMA pg_catalog`);
  return {
    schema: 'pg_catalog',
    drop: async () => {
      await client.query(`DROP EXTENSION ${name}`);
    },
  };
}

function damaged(database: string, findings: string, cause: unknown): AgentctlError {
  return new AgentctlError('StateUnreadable', `the data of database "${database}" is damaged`, {
    fix: 'Restore another backup.',
    detail: findings,
    cause,
  });
}
