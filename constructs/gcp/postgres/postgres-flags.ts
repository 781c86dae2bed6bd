/** What {@link postgresFlags} computes from. */
export interface PostgresFlagsOptions {
  readonly maxConnections: number;
  /** Libraries among them are loaded at the start. */
  readonly extensions: readonly string[];
}

/** Extensions that Cloud SQL has behind a flag. Cloud SQL for PostgreSQL, "Configure PostgreSQL extensions". */
const extensionFlags: Readonly<Record<string, string>> = {
  pg_cron: 'cloudsql.enable_pg_cron',
  pg_hint_plan: 'cloudsql.enable_pg_hint_plan',
  pglogical: 'cloudsql.enable_pglogical',
};

/**
 * Pure: the flags of the server, in alphabetical order. What is logged is what CKV_GCP_51 to 54 and 108 to 111, CKV2_GCP_13 and
 * GCP-0014 to 0025 ask for; statements are logged when they change the schema or take a second.
 */
export function postgresFlags({ maxConnections, extensions }: PostgresFlagsOptions): Readonly<Record<string, string>> {
  const flags: Record<string, string> = {
    'cloudsql.enable_pgaudit': 'on',
    'cloudsql.iam_authentication': 'on',
    idle_in_transaction_session_timeout: '60000',
    log_checkpoints: 'on',
    log_connections: 'on',
    log_disconnections: 'on',
    log_duration: 'on',
    log_executor_stats: 'off',
    log_hostname: 'on',
    log_lock_waits: 'on',
    log_min_duration_statement: '1000',
    log_min_error_statement: 'error',
    log_min_messages: 'warning',
    log_parser_stats: 'off',
    log_planner_stats: 'off',
    log_statement: 'ddl',
    log_statement_stats: 'off',
    log_temp_files: '0',
    max_connections: String(maxConnections),
  };
  for (const extension of extensions) {
    const flag = Object.hasOwn(extensionFlags, extension) ? extensionFlags[extension] : undefined;
    if (flag !== undefined) flags[flag] = 'on';
  }
  return Object.fromEntries(Object.entries(flags).toSorted(([left], [right]) => (left < right ? -1 : 1)));
}
