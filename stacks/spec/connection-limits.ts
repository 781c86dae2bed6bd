import type { ManagedPostgresSpec } from './schema/postgres.js';

/**
 * `max_connections` by size. Targets set it to this, so that a spec behaves alike everywhere; the numbers are Cloud SQL’s
 * defaults for 4, 8 and 16 GiB of memory (Cloud SQL for PostgreSQL, "Configure database flags", max_connections), the
 * lowest of the three clouds.
 */
export const serverConnections = { small: 100, medium: 400, large: 500 } as const;

/** `max_client_conn` of the pooler by size, set by the targets: a waiting client costs PgBouncer about 2 kB. */
export const poolerConnections = { small: 1000, medium: 2500, large: 5000 } as const;

/** Connections kept free for the migration, dumps, monitoring and an operator (3 of them are Postgres’ own reserve). */
export const reservedConnections = 10;

/** How many connections services may hold: what they connect to, its limit, and what is left of it. */
export function connectionLimit(postgres: ManagedPostgresSpec): { readonly holder: string; readonly limit: number } {
  if (postgres.pooler) return { holder: 'the pooler', limit: poolerConnections[postgres.size] };
  return { holder: 'the database', limit: postgres.maxConnections ?? serverConnections[postgres.size] };
}
