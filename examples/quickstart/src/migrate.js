import { readdir, readFile } from 'node:fs/promises';
import { DatabaseError, Pool } from 'pg';
import { PostgresSaver } from '@langchain/langgraph-checkpoint-postgres';
import { readDatabaseUrl } from './config.js';

const MIGRATIONS = new URL('../migrations/', import.meta.url);

// Any constant will do, as long as every release uses the same one.
const ADVISORY_LOCK = 7_261_003;
const WAIT_FOR_OTHER_RUN_MS = 120_000;
// A migration that queues behind a long transaction makes every later reader queue behind it: better to fail and retry.
const WAIT_FOR_TABLE_MS = 5_000;

try {
  await migrate(readDatabaseUrl());
} catch (error) {
  process.stderr.write(`migrate: ${readable(error)}\n`);
  process.exitCode = 1;
}

async function migrate(connectionString) {
  // Two connections: one holds the advisory lock for the whole run, the checkpointer's setup takes the other.
  const pool = new Pool({
    connectionString,
    max: 2,
    connectionTimeoutMillis: 10_000,
    lock_timeout: WAIT_FOR_TABLE_MS,
    application_name: 'quickstart-migrate',
  });
  // An idle connection that breaks would end the process; the next query on the pool reports it instead.
  pool.on('error', () => {});
  try {
    const client = await pool.connect();
    try {
      await client.query(`SET lock_timeout = ${WAIT_FOR_OTHER_RUN_MS}`);
      await client.query('SELECT pg_advisory_lock($1)', [ADVISORY_LOCK]);
      await client.query('RESET lock_timeout');
      await applyAll(client, pool);
    } finally {
      // Closing the connection is what releases the lock, whatever happened before.
      client.release(true);
    }
  } finally {
    await pool.end();
  }
}

async function applyAll(client, pool) {
  await client.query(
    'CREATE TABLE IF NOT EXISTS schema_migrations (version text PRIMARY KEY, applied_at timestamptz NOT NULL DEFAULT now())',
  );
  const { rows } = await client.query('SELECT version FROM schema_migrations ORDER BY version');
  const done = new Set(rows.map((row) => row.version));
  const files = (await readdir(MIGRATIONS)).filter((file) => /^\d{4}_.+\.sql$/.test(file)).sort();
  const pending = files.filter((file) => !done.has(versionOf(file)));

  for (const file of pending) {
    await apply(client, file);
    print(`applied ${file}`);
  }

  const before = await checkpointerVersion(client);
  await new PostgresSaver(pool).setup();
  const after = await checkpointerVersion(client);
  if (after !== before) print(`applied checkpointer ${after}`);

  if (pending.length === 0 && after === before) {
    print(`nothing to apply: schema ${rows.at(-1).version}, checkpointer ${after}`);
  }
}

async function apply(client, file) {
  const sql = await readFile(new URL(file, MIGRATIONS), 'utf8');
  try {
    await client.query('BEGIN');
    await client.query(sql);
    await client.query('INSERT INTO schema_migrations (version) VALUES ($1)', [versionOf(file)]);
    await client.query('COMMIT');
  } catch (error) {
    await client.query('ROLLBACK').catch(() => {});
    throw new Error(`${file} failed and was rolled back: ${readable(error)}`, { cause: error });
  }
}

async function checkpointerVersion(client) {
  const { rows } = await client.query("SELECT to_regclass('checkpoint_migrations') IS NOT NULL AS exists");
  if (!rows[0].exists) return undefined;
  return (await client.query('SELECT max(v) AS version FROM checkpoint_migrations')).rows[0].version;
}

function versionOf(file) {
  return file.slice(0, 4);
}

/** A connection error may quote parts of the URL, so only what Postgres itself says is repeated. */
function readable(error) {
  if (error instanceof DatabaseError) return `${error.message} (${error.code})`;
  if (error.code && !error.path) return `cannot reach the database (${error.code})`;
  return error.message;
}

function print(line) {
  process.stdout.write(`${line}\n`);
}
