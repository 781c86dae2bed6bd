import { defaultConnections, usableMemory } from '../limits/postgres-connections.js';

/** What {@link postgresParameters} computes from. */
export interface PostgresParametersOptions {
  /** Memory of the machine; undefined leaves the settings of memory to RDS, which computes them on the machine. */
  readonly memoryMiB: number | undefined;
  /** Default: what RDS would allow, see {@link defaultConnections}. */
  readonly maxConnections: number | undefined;
  /** Extensions that migrations create. */
  readonly extensions: readonly string[];
  /** Where pg_cron keeps its jobs. */
  readonly database: string;
}

/** PostgreSQL counts buffers in pages. */
const pagesPerMiB = 128;

/** Extensions that are libraries to be loaded at the start: Amazon RDS user guide, "Supported PostgreSQL extension versions". */
const preloaded: readonly string[] = ['pg_cron', 'pg_hint_plan', 'pg_prewarm', 'pg_tle', 'pgaudit', 'pglogical'];

/** Pure: the parameter group of a PostgreSQL server, with the settings of memory computed for its machine. */
export function postgresParameters(options: PostgresParametersOptions): Record<string, string> {
  const { extensions, database } = options;
  const libraries = ['pg_stat_statements', ...extensions.filter((name) => preloaded.includes(name))];
  return {
    ...memoryParameters(options),
    'rds.force_ssl': '1',
    ssl_min_protocol_version: 'TLSv1.2',
    shared_preload_libraries: libraries.join(','),
    ...(libraries.includes('pg_cron') ? { 'cron.database_name': database } : {}),
    // A page read at random costs a disk of gp3 what the next one in a row costs.
    random_page_cost: '1.1',
    // What a pool forgot to commit holds locks and keeps vacuum from its work. Milliseconds.
    idle_in_transaction_session_timeout: '60000',
    log_min_duration_statement: '1000',
    log_lock_waits: '1',
    log_statement: 'ddl',
    log_connections: '1',
    log_disconnections: '1',
  };
}

/**
 * shared_buffers: a quarter, as PostgreSQL ("Resource Consumption") and RDS have it. effective_cache_size: three quarters
 * (PostgreSQL, "Query Planning"). maintenance_work_mem and work_mem as pgtune computes them for a web application:
 * https://github.com/le0pard/pgtune
 */
function memoryParameters({ memoryMiB, maxConnections }: PostgresParametersOptions): Record<string, string> {
  const connections = maxConnections ?? (memoryMiB === undefined ? undefined : defaultConnections(memoryMiB));
  if (memoryMiB === undefined || connections === undefined)
    return connections === undefined ? {} : { max_connections: String(connections) };
  const usable = memoryMiB * usableMemory;
  const workMiB = (usable * 3) / 4 / connections / 3;
  return {
    max_connections: String(connections),
    shared_buffers: String(Math.floor((usable / 4) * pagesPerMiB)),
    effective_cache_size: String(Math.floor(((usable * 3) / 4) * pagesPerMiB)),
    maintenance_work_mem: String(Math.floor(Math.min(usable / 16, 2048) * 1024)),
    work_mem: String(Math.floor(Math.min(Math.max(workMiB, 4), 64) * 1024)),
  };
}
