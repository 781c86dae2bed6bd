import { AgentctlError } from '../../errors.js';
import type { RunningProcess } from '../process/index.js';
import { waitForPostgres } from './admin.js';
import type { AdminConnection } from './as-admin.js';
import type { PostgresBinaries } from './binaries.js';
import type { PostgresHome } from './home.js';
import { resetAdminPassword, stopPostgres } from './server-process.js';

/** A server that takes queries from us. */
export interface OpenServer {
  readonly server: RunningProcess;
  readonly version: string;
}

/**
 * Starts a server and waits until it takes queries. Data that was made with another superuser password is given ours.
 *
 * @throws AgentctlError TimedOut; EnvironmentNotReady: it ends while it starts. Nothing is left running.
 */
export async function openPostgres(options: {
  readonly binaries: PostgresBinaries;
  readonly home: PostgresHome;
  readonly connection: AdminConnection;
  readonly start: () => Promise<RunningProcess>;
  /** For a server that has much to recover. @default 60 */
  readonly readyWithinSeconds?: number;
  /** Stops the attempt. @default - never */
  readonly signal?: AbortSignal;
}): Promise<OpenServer> {
  const { binaries, home, connection } = options;
  for (let isPasswordOurs = false; ; isPasswordOurs = true) {
    const server = await options.start();
    const readiness = await waitForPostgres(server, connection, options).catch(async (error: unknown) => {
      await stopPostgres(server);
      throw error;
    });
    if (readiness.kind === 'ready') return { server, version: readiness.version };
    await stopPostgres(server);
    if (readiness.kind === 'ended' || isPasswordOurs) {
      throw new AgentctlError('EnvironmentNotReady', 'PostgreSQL ended while it was starting', {
        fix: 'Read logs/postgres/postgres.log in the state directory.',
      });
    }
    await resetAdminPassword({ binaries, home, adminPassword: connection.adminPassword });
  }
}
