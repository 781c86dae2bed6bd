import type { DatabaseServer } from '../cloud/postgres/database-server.js';
import type { SchemaFacts } from './cloud-snapshot.js';

/** What migrations and requests have left in the database of the agent; undefined: it does not answer. */
export async function schemaFacts(server: DatabaseServer | undefined): Promise<SchemaFacts | undefined> {
  if (server === undefined) return undefined;
  const client = await server.session('faults').catch(() => undefined);
  if (client === undefined) return undefined;
  try {
    await client.query('BEGIN ISOLATION LEVEL REPEATABLE READ');
    const { rows } = await client.query<{ name: string }>(
      `SELECT tablename AS name FROM pg_tables WHERE schemaname = 'public'`,
    );
    const names = rows.map(({ name }) => name);
    const recorded = names.includes('heads')
      ? (await client.query<{ head: number }>('SELECT head FROM heads ORDER BY head')).rows.map(({ head }) => head)
      : [];
    const notes = names.includes('notes')
      ? (await client.query<{ text: string }>('SELECT text FROM notes')).rows.map(({ text }) => text)
      : [];
    const made = names.filter((name) => name.startsWith('head_')).map((name) => Number(name.slice('head_'.length)));
    return {
      head: recorded.at(-1) ?? 0,
      tables: made.toSorted((a, b) => a - b),
      recorded,
      rows: new Set(notes),
    };
  } finally {
    await client.end();
  }
}
