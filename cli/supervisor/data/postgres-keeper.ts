import { AgentctlError } from '../../errors.js';
import {
  type AdminConnection,
  applyPassword,
  databaseOsUser,
  ensureApplicationDatabase,
  initializePostgres,
  preparePostgresBinaries,
  preparePostgresHome,
  resetAdminPassword,
  restorePostgresHome,
  startPostgres,
  stopPostgres,
  waitForPostgres,
} from '../../tools/postgres/index.js';
import { type RunningProcess, isPortFree, portOwner } from '../../tools/process/index.js';
import type { DesiredState } from '../desired-state.js';
import { KeptProcess } from './kept-process.js';
import type { PostgresRequest, PostgresStatus } from '../protocol.js';
import { ensureGenerated } from '../secret-store.js';
import { type SupervisorContext, trackProcess } from '../supervisor-context.js';

type DesiredPostgres = NonNullable<DesiredState['postgres']>;

/** Keeps the database server of one stage running. Calls must not overlap. */
export class PostgresKeeper {
  readonly #context: SupervisorContext;
  #server: KeptProcess | undefined;
  #version = 'unknown';

  constructor(context: SupervisorContext) {
    this.#context = context;
  }

  /**
   * Makes and starts the server unless it runs, and makes role, database and extensions as far as they are missing.
   *
   * @throws AgentctlError PortTaken, EnvironmentNotReady, SpecInvalid, TimedOut; Refused: the port is to change under a
   *   release that is serving
   */
  async ensure(request: PostgresRequest): Promise<PostgresStatus> {
    const before = this.#context.store.current.postgres;
    const mustMove = before !== null && request.port !== undefined && request.port !== before.port;
    if (mustMove) await this.#leavePort(before, request.port ?? before.port);
    if (this.#server?.state !== 'running') await this.#startAnew(request);
    const { port } = this.#desired();
    const { admin, password } = this.#passwords(port);
    await ensureApplicationDatabase(admin, { ...request, password });
    this.#context.store.update({ postgres: { ...this.#desired(), request } });
    return this.#status(this.#desired());
  }

  /** Starts what ran in an earlier life. Throws what the first attempt threw, and goes on trying. */
  async resume(): Promise<void> {
    const desired = this.#context.store.current.postgres;
    if (desired === null) return;
    this.#context.ports.hold(desired.port);
    this.#server = this.#keep();
    await this.#server.start();
  }

  status(): PostgresStatus | null {
    const desired = this.#context.store.current.postgres;
    return desired === null ? null : this.#status(desired);
  }

  /** Ends it with a fast shutdown. */
  async stop(): Promise<void> {
    await this.#server?.stop();
    this.#server = undefined;
  }

  async #leavePort(before: DesiredPostgres, wantedPort: number): Promise<void> {
    const { serving } = this.#context.store.current;
    if (serving !== null) {
      throw new AgentctlError(
        'Refused',
        `the database listens on port ${before.port}, and release ${serving} uses it there`,
        {
          fix: `Run \`agentctl destroy --cloud local\` (the data stays) before you change the port to ${wantedPort}, or keep ${before.port}.`,
        },
      );
    }
    await this.stop();
    this.#context.ports.release(before.port);
  }

  async #startAnew(request: PostgresRequest): Promise<void> {
    await this.stop();
    const { layout, ports, store } = this.#context;
    const before = store.current.postgres;
    const port = request.port ?? before?.port ?? (await ports.allocate());
    if (!(await isPortFree(port))) throw portTaken(port);
    ports.hold(port);
    const user = await databaseOsUser();
    const home =
      before?.home ??
      (await preparePostgresHome({ preferredDirectory: layout.postgresDirectory, key: layout.key, user }));
    // Recorded before anything is made, so that whatever happens it can be found and removed.
    store.update({ postgres: { request, port, home } });
    this.#server = this.#keep();
    await this.#server.start();
  }

  #keep(): KeptProcess {
    return new KeptProcess({
      name: 'postgres',
      start: () => this.#start(),
      stop: stopPostgres,
      note: this.#context.note,
    });
  }

  async #start(): Promise<RunningProcess> {
    const { home, port, request } = this.#desired();
    const { admin, password } = this.#passwords(port);
    const binaries = await preparePostgresBinaries({
      copyDirectory: home.binariesDirectory,
      user: home.user ?? undefined,
    });
    restorePostgresHome(home);
    await initializePostgres({ binaries, home, adminPassword: admin.adminPassword });
    const open = async (): Promise<RunningProcess> => {
      const log = this.#context.logs.open({ service: 'postgres', replica: 'postgres', release: '-' });
      const server = await startPostgres({
        binaries,
        home,
        port,
        onOutput: (stream, chunk) => log.write(stream, chunk),
      });
      trackProcess(this.#context, 'postgres', server);
      void server.ended.then(() => log.end());
      return server;
    };
    let server = await open();
    let readiness = await waitForPostgres(server, admin).catch((error: unknown) => stopAndRethrow(server, error));
    if (readiness.kind === 'wrong-password') {
      await stopPostgres(server);
      await resetAdminPassword({ binaries, home, adminPassword: admin.adminPassword });
      server = await open();
      readiness = await waitForPostgres(server, admin).catch((error: unknown) => stopAndRethrow(server, error));
    }
    if (readiness.kind !== 'ready') {
      await stopPostgres(server);
      throw new AgentctlError('EnvironmentNotReady', 'PostgreSQL ended while it was starting', {
        fix: 'Read logs/postgres/postgres.log in the state directory.',
      });
    }
    this.#version = readiness.version;
    await applyPassword(admin, request.user, password).catch((error: unknown) => stopAndRethrow(server, error));
    return server;
  }

  #passwords(port: number): { readonly admin: AdminConnection; readonly password: string } {
    const { generated } = ensureGenerated(this.#context.layout.directory, [
      'postgres.password',
      'postgres.adminPassword',
    ]);
    this.#context.logs.mask(Object.values(generated));
    return {
      admin: { port, adminPassword: generated['postgres.adminPassword'] ?? '' },
      password: generated['postgres.password'] ?? '',
    };
  }

  #desired(): DesiredPostgres {
    const desired = this.#context.store.current.postgres;
    if (desired !== null) return desired;
    throw new AgentctlError('Bug', 'the database was started before it was asked for', { fix: 'Report this.' });
  }

  #status({ request, port, home }: DesiredPostgres): PostgresStatus {
    return {
      host: '127.0.0.1',
      port,
      database: request.database,
      user: request.user,
      version: this.#version,
      dataDirectory: home.dataDirectory,
      state: this.#server?.state ?? 'down',
      restarts: this.#server?.restarts ?? 0,
    };
  }
}

async function stopAndRethrow(server: RunningProcess, error: unknown): Promise<never> {
  await stopPostgres(server);
  throw error;
}

function portTaken(port: number): AgentctlError {
  const owner = portOwner(port);
  return new AgentctlError(
    'PortTaken',
    `port ${port} for PostgreSQL is taken${owner === undefined ? '' : ` by ${owner}`}`,
    {
      fix: `Stop what listens on port ${port}, or choose another under \`clouds.local.postgres.port\`.`,
    },
  );
}
