/** What {@link pgbouncerStart} writes into the configuration. */
export interface PgbouncerStartOptions {
  readonly host: string;
  readonly port: number;
  readonly user: string;
  readonly database: string;
  /** Connections to the server, of this process. */
  readonly serverConnections: number;
  /** Connections that clients may open to this process. */
  readonly clientConnections: number;
  /**
   * Where configuration and password are written to.
   *
   * @default '/dev/shm', which is memory: it can be written when the rest of the container cannot
   */
  readonly directory?: string;
  /**
   * How long it goes on as before when it is asked to end: name servers still tell its address to clients.
   *
   * @default 15, as its name is kept for 10 seconds
   */
  readonly lingerSeconds?: number;
}

/** The port that PgBouncer listens on. */
export const pgbouncerPort = 5432;

/** The variable that the password of the user has to be in, as a secret of the container. */
export const pgbouncerPasswordVariable = 'PGPASSWORD';

/** The variable that the text of the `auth_file` is in, instead of a password, when others may connect than the user. */
export const pgbouncerUsersVariable = 'PGBOUNCER_USERS';

/**
 * Succeeds once something listens on {@link pgbouncerPort}. In the kernel’s own words (hexadecimal port, state 0A = LISTEN),
 * as the image has no client.
 */
export const pgbouncerCheck = `grep -q ':${pgbouncerPort.toString(16).toUpperCase()} 00000000:0000 0A' /proc/net/tcp`;

/**
 * Pure: an entry point that writes the configuration of PgBouncer and runs it, in transaction mode. The password gets onto
 * no disk and into no environment of PgBouncer. ECS ends a container by SIGTERM, on which PgBouncer (1.23) waits for clients
 * to leave, which those with a pool never do; on SIGINT it lets transactions finish.
 */
export function pgbouncerStart(options: PgbouncerStartOptions): string[] {
  const { host, port, user, database, serverConnections, clientConnections } = options;
  const { directory = '/dev/shm', lingerSeconds = 15 } = options;
  const script = [
    'set -eu',
    'umask 077',
    `cd ${directory}`,
    `if [ -n "\${${pgbouncerUsersVariable}:-}" ]; then printf '%s\\n' "$${pgbouncerUsersVariable}" > users.txt; else`,
    // A quote inside of quotes is written twice.
    `printf '"%s" "%s"\\n' ${user} "$(printf %s "$${pgbouncerPasswordVariable}" | sed 's/"/""/g')" > users.txt`,
    'fi',
    `unset ${pgbouncerPasswordVariable} ${pgbouncerUsersVariable}`,
    'cat > pgbouncer.ini <<CONFIG',
    '[databases]',
    // Whoever connects is this user in the database, whose password is in the file of users.
    `${database} = host=${host} port=${port} user=${user}`,
    '[pgbouncer]',
    'listen_addr = 0.0.0.0',
    `listen_port = ${pgbouncerPort}`,
    'unix_socket_dir =',
    'auth_type = scram-sha-256',
    `auth_file = ${directory}/users.txt`,
    'server_tls_sslmode = require',
    'pool_mode = transaction',
    `max_client_conn = ${clientConnections}`,
    `default_pool_size = ${serverConnections}`,
    `max_db_connections = ${serverConnections}`,
    // Sent by the JDBC driver, and the same for everybody since PostgreSQL 12.
    'ignore_startup_parameters = extra_float_digits',
    'log_connections = 0',
    'log_disconnections = 0',
    'CONFIG',
    'pgbouncer pgbouncer.ini &',
    'pgbouncer=$!',
    `trap 'sleep ${lingerSeconds}; kill -INT "$pgbouncer"' TERM`,
    // The first wait ends with the signal, the second one with PgBouncer.
    'code=0; wait "$pgbouncer" || code=$?',
    'if kill -0 "$pgbouncer" 2>/dev/null; then code=0; wait "$pgbouncer" || code=$?; fi',
    'exit "$code"',
    '',
  ].join('\n');
  return ['sh', '-c', script];
}
