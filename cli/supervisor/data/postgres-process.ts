import {
  type AdminConnection,
  type OpenServer,
  type PostgresHome,
  initializePostgres,
  openPostgres,
  preparePostgresBinaries,
  restorePostgresHome,
  startPostgres,
} from '../../tools/postgres/index.js';
import { ensureGenerated } from '../secret-store.js';
import { type SupervisorContext, trackProcess } from '../supervisor-context.js';

/** The current generated passwords, masked in all logs from now on. */
export function postgresPasswords(
  { layout, logs }: SupervisorContext,
  port: number,
): { readonly connection: AdminConnection; readonly password: string } {
  const { generated } = ensureGenerated(layout.directory, ['postgres.password', 'postgres.adminPassword']);
  logs.mask(Object.values(generated));
  return {
    connection: { port, adminPassword: generated['postgres.adminPassword'] ?? '' },
    password: generated['postgres.password'] ?? '',
  };
}

/**
 * Starts a server on a data directory, which is made if it is not there, and waits until it takes queries.
 *
 * @throws AgentctlError EnvironmentNotReady, TimedOut. Nothing is left running.
 */
export async function startPostgresProcess(
  context: SupervisorContext,
  options: {
    readonly home: PostgresHome;
    readonly port: number;
    /** Of the log file and the record of the process. */
    readonly name: string;
    readonly readyWithinSeconds?: number;
    readonly signal?: AbortSignal;
  },
): Promise<OpenServer> {
  const { home, port, name, ...waiting } = options;
  const { connection } = postgresPasswords(context, port);
  const binaries = await preparePostgresBinaries({
    copyDirectory: home.binariesDirectory,
    user: home.user ?? undefined,
  });
  restorePostgresHome(home);
  await initializePostgres({ binaries, home, adminPassword: connection.adminPassword });
  return await openPostgres({
    binaries,
    home,
    connection,
    ...waiting,
    start: async () => {
      const log = context.logs.open({ service: 'postgres', replica: name, release: '-' });
      const server = await startPostgres({
        binaries,
        home,
        port,
        onOutput: (stream, chunk) => log.write(stream, chunk),
      });
      trackProcess(context, name, server);
      void server.ended.then(() => log.end());
      return server;
    },
  });
}
