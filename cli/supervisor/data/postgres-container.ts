import { containerCommands } from '../../tools/containers/index.js';
import { runEngine } from '../../tools/engine/index.js';
import {
  type AdminConnection,
  type OpenServer,
  adminRole,
  passwordStatement,
  stopPostgres,
  waitForPostgres,
} from '../../tools/postgres/index.js';
import { AgentctlError } from '../../errors.js';
import { serverSpec } from '../containers/server-spec.js';
import { endpointsForContainer } from '../release/endpoints.js';
import { resolved } from '../release/prepare-launch.js';
import type { ServerContainer } from '../protocol.js';
import { type SupervisorContext, trackProcess } from '../supervisor-context.js';

/** Name of the container and its host name in the network. */
export const postgresServer = 'postgres';

/** What the images of PostgreSQL listen on. */
const containerPort = 5432;

/**
 * Starts the server as a container on its volume, and waits until it takes queries. Data that was made with another
 * superuser password is given ours.
 *
 * @throws AgentctlError EnvironmentNotReady, TimedOut. Nothing is left running.
 */
export async function startPostgresContainer(
  context: SupervisorContext,
  { container, port, connection }: { container: ServerContainer; port: number; connection: AdminConnection },
): Promise<OpenServer> {
  const { containers, logs, store } = context;
  const { hostFromContainers } = await containers.ready();
  const endpoints = endpointsForContainer(store.current, hostFromContainers);
  const { env, command } = resolved(context, container, endpoints, { release: undefined });
  const log = logs.open({ service: postgresServer, replica: postgresServer, release: '-' });
  const volume = containers.volumeName(postgresServer);
  const publish = [{ hostPort: port, containerPort }];
  const server = await containers.start(
    { ...serverSpec(postgresServer, container, { command, env }, volume), publish },
    { onOutput: (stream, chunk) => log.write(stream, chunk) },
  );
  trackProcess(context, postgresServer, server);
  void server.ended.then(() => log.end());
  try {
    const waiting = { readyWithinSeconds: container.readyWithinSeconds };
    let readiness = await waitForPostgres(server, connection, waiting);
    if (readiness.kind === 'wrong-password') {
      await setAdminPassword(context, connection);
      readiness = await waitForPostgres(server, connection, waiting);
    }
    if (readiness.kind === 'ready') return { server, version: readiness.version };
  } catch (error) {
    await stopPostgres(server);
    throw error;
  }
  await stopPostgres(server);
  throw new AgentctlError('EnvironmentNotReady', 'PostgreSQL ended while it was starting', {
    fix: 'Read logs/postgres/postgres.log in the state directory.',
    detail: log.tail().slice(-10).join('\n'),
  });
}

/** From inside, where the images of PostgreSQL trust the socket. */
async function setAdminPassword({ containers }: SupervisorContext, { adminPassword }: AdminConnection): Promise<void> {
  const { engine } = await containers.ready();
  const psql = ['psql', '--quiet', '--no-psqlrc', '--username', adminRole, '--dbname', 'postgres'];
  await runEngine(engine, containerCommands.exec(containers.serverName(postgresServer), psql, { stdin: true }), {
    environment: containers.environment,
    input: passwordStatement(adminRole, adminPassword),
  });
}
