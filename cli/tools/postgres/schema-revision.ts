import { createHash } from 'node:crypto';
import { type Client, escapeIdentifier } from 'pg';
import { type AdminConnection, asAdmin } from './as-admin.js';

type Row = Readonly<Record<string, unknown>>;

/** How a migration tool remembers what it has done: the text of its rows in the order they were applied. */
interface MigrationTable {
  readonly tool: string;
  readonly applied: (rows: readonly Row[]) => readonly string[];
}

/** By name of the table. */
const migrationTables: Readonly<Record<string, MigrationTable>> = {
  alembic_version: { tool: 'alembic', applied: (rows) => rows.map(text('version_num')).sort() },
  _prisma_migrations: {
    tool: 'prisma',
    applied: (rows) =>
      sorted(
        rows.filter((row) => row['finished_at'] !== null && row['rolled_back_at'] === null),
        'started_at',
      ).map(text('migration_name')),
  },
  django_migrations: {
    tool: 'django',
    applied: (rows) => sorted(rows, 'id').map((row) => `${text('app')(row)}.${text('name')(row)}`),
  },
  schema_migrations: {
    tool: 'schema_migrations',
    applied: (rows) =>
      sorted(rows, 'version').map((row) => `${text('version')(row)}${row['dirty'] === true ? '-dirty' : ''}`),
  },
  flyway_schema_history: {
    tool: 'flyway',
    applied: (rows) =>
      sorted(
        rows.filter((row) => row['success'] === true),
        'installed_rank',
      ).map((row) => text(row['version'] === null ? 'description' : 'version')(row)),
  },
  knex_migrations: { tool: 'knex', applied: (rows) => sorted(rows, 'id').map(text('name')) },
  __drizzle_migrations: {
    tool: 'drizzle',
    applied: (rows) => sorted(rows, 'id').map((row) => text('hash')(row).slice(0, 12)),
  },
};

/**
 * Where the schema of the connected database stands: `alembic:3f2a91`, or for a tool that keeps a history
 * `knex:0007_add_users#1a2b3c4d`: the last migration, and a hash of all of them when there are several. Several tools are
 * joined by a comma. Without any, `schema:<12 hex>`: a fingerprint of tables, columns and indexes outside the system.
 */
export async function schemaRevision(client: Client): Promise<string> {
  const { rows: tables } = await client.query<{ schema: string; name: string }>(
    `SELECT n.nspname::text AS schema, c.relname::text AS name FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
     WHERE c.relkind IN ('r', 'p') AND c.relname = ANY($1) AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'
     ORDER BY 1, 2`,
    [Object.keys(migrationTables)],
  );
  const revisions: string[] = [];
  for (const { schema, name } of tables) {
    const { rows } = await client.query<{ row: Row }>(
      `SELECT to_jsonb(t) AS row FROM ${escapeIdentifier(schema)}.${escapeIdentifier(name)} t`,
    );
    const revision = revisionOf(
      name,
      rows.map(({ row }) => row),
    );
    if (revision !== undefined) revisions.push(revision);
  }
  return revisions.length > 0 ? revisions.join(',') : `schema:${await fingerprint(client)}`;
}

/** The same, of a database on a server that runs. */
export async function readSchemaRevision(connection: AdminConnection, database: string): Promise<string> {
  return await asAdmin(connection, database, schemaRevision);
}

/** Pure: what the rows of a migration tool's table say; undefined when nothing was applied yet. */
export function revisionOf(table: string, rows: readonly Row[]): string | undefined {
  const found = migrationTables[table];
  const applied = found?.applied(rows) ?? [];
  const last = applied.at(-1);
  if (found === undefined || last === undefined) return undefined;
  const history = applied.length === 1 ? '' : `#${shortHash(applied.join('\n'), 8)}`;
  return `${found.tool}:${last}${history}`;
}

async function fingerprint(client: Client): Promise<string> {
  const { rows } = await client.query<{ line: string }>(`
    WITH relations AS (
      SELECT c.oid, c.relkind, n.nspname || '.' || c.relname AS name
      FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
      WHERE c.relkind IN ('r', 'p', 'v', 'm', 'f') AND c.relpersistence <> 't'
        AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'
        AND NOT EXISTS (SELECT FROM pg_depend d
          WHERE d.classid = 'pg_class'::regclass AND d.objid = c.oid AND d.deptype = 'e')
    ), lines AS (
      SELECT format('%s %s', relkind, name) AS line FROM relations
      UNION ALL
      SELECT format('%s.%s %s %s %s', name, attname, format_type(atttypid, atttypmod), attnotnull,
        pg_get_expr(adbin, adrelid))
      FROM relations JOIN pg_attribute ON attrelid = oid
        LEFT JOIN pg_attrdef ON adrelid = attrelid AND adnum = attnum
      WHERE attnum > 0 AND NOT attisdropped
      UNION ALL
      SELECT pg_get_indexdef(indexrelid) FROM relations JOIN pg_index ON indrelid = oid
    )
    SELECT line FROM lines ORDER BY line COLLATE "C"`);
  return shortHash(rows.map(({ line }) => line).join('\n'), 12);
}

function shortHash(value: string, length: number): string {
  return createHash('sha256').update(value).digest('hex').slice(0, length);
}

function text(column: string): (row: Row) => string {
  return (row) => {
    const value = row[column];
    return typeof value === 'string' ? value : JSON.stringify(value ?? '');
  };
}

/** Numbers as numbers, everything else as text. */
function sorted(rows: readonly Row[], column: string): readonly Row[] {
  return rows.toSorted((a, b) => text(column)(a).localeCompare(text(column)(b), 'en', { numeric: true }));
}
