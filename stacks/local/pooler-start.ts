import { type ManagedPostgresSpec, poolerConnections, serverConnections } from '../spec/index.js';

/** What a PgBouncer container needs to be told. */
export interface PoolerStart {
  /** Replaces the entrypoint of the image, so that any image with a shell and PgBouncer on its search path will do. */
  readonly entrypoint: readonly string[];
  /** The variable that the password of `user` has to be in. */
  readonly passwordVariable: string;
}

/** The port PgBouncer listens on: that of PostgreSQL, so that only the host differs. */
export const poolerPort = 5432;

/**
 * Succeeds once something listens on {@link poolerPort}. Written in the kernel's own words (hexadecimal port, state 0A =
 * LISTEN), since not every image has a client.
 */
export const poolerCheck = `grep -q ':${poolerPort.toString(16).toUpperCase()} 00000000:0000 0A' /proc/net/tcp`;

/**
 * How to end it: SIGINT lets transactions finish. SIGTERM waits for the clients to leave (PgBouncer 1.23), which those
 * that keep a pool never do.
 */
export const poolerStopSignal = 'SIGINT';

/**
 * Pure: PgBouncer in front of one database, in transaction mode as on the clouds. Its configuration is written to /tmp when
 * it starts, as the password is known only then and may stand in no argument. It opens at most half of the connections the
 * server accepts; the other half is for `directUrl` and migrations. Prepared statements work
 * from 1.24 on, where that is the default; naming the setting would keep versions before 1.21 from starting.
 */
export function poolerStart(
  { database, size, maxConnections }: Pick<ManagedPostgresSpec, 'database' | 'size' | 'maxConnections'>,
  server: { readonly host: string; readonly port: number; readonly user: string },
): PoolerStart {
  const passwordVariable = 'PGPASSWORD';
  const poolSize = Math.floor((maxConnections ?? serverConnections[size]) / 2);
  const script = [
    'umask 077',
    // A quote inside of quotes is written twice.
    `printf '"%s" "%s"\\n' ${server.user} "$(printf %s "$${passwordVariable}" | sed 's/"/""/g')" > /tmp/users.txt`,
    'cat > /tmp/pgbouncer.ini <<CONFIG',
    '[databases]',
    `${database} = host=${server.host} port=${server.port}`,
    '[pgbouncer]',
    'listen_addr = 0.0.0.0',
    `listen_port = ${poolerPort}`,
    'unix_socket_dir =',
    'auth_type = scram-sha-256',
    'auth_file = /tmp/users.txt',
    'pool_mode = transaction',
    `max_client_conn = ${poolerConnections[size]}`,
    `default_pool_size = ${poolSize}`,
    // Sent by the JDBC driver, and the same for everybody since PostgreSQL 12.
    'ignore_startup_parameters = extra_float_digits',
    'log_connections = 0',
    'log_disconnections = 0',
    'CONFIG',
    'exec pgbouncer /tmp/pgbouncer.ini',
    '',
  ].join('\n');
  return { entrypoint: ['sh', '-c', script], passwordVariable };
}
