import { isDeepStrictEqual } from 'node:util';
import { AgentctlError, messageOf } from '../../errors.js';
import {
  type AdminConnection,
  type PostgresHome,
  applyPassword,
  databaseOsUser,
  ensureApplicationDatabase,
  preparePostgresHome,
  readSchemaRevision,
  stopPostgres,
} from '../../tools/postgres/index.js';
import { type RunningProcess, isPortFree, portOwner } from '../../tools/process/index.js';
import type { DesiredState } from '../desired-state.js';
import {
  type DataSwap,
  beginSwap,
  commitSwap,
  isCommitted,
  removeLeftovers,
  settleSwap,
  undoSwap,
} from './data-swap.js';
import { KeptProcess } from './kept-process.js';
import type { PostgresRequest, PostgresStatus } from '../protocol.js';
import type { SupervisorContext } from '../supervisor-context.js';
import { startPostgresContainer } from './postgres-container.js';
import { postgresPasswords, startPostgresProcess } from './postgres-process.js';

type DesiredPostgres = NonNullable<DesiredState['postgres']>;

/** A server that runs, and what is in it. */
export interface ReachedPostgres {
  readonly connection: AdminConnection;
  readonly database: string;
  /** Null when it runs as a container. */
  readonly dataDirectory: string | null;
}

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
   *   release that is serving, or the data is of the other runtime
   */
  async ensure(request: PostgresRequest): Promise<PostgresStatus> {
    const before = this.#context.store.current.postgres;
    if (before !== null && (before.home === null) !== (request.container !== undefined)) throw otherRuntime(before);
    if (isOtherContainer(before?.request.container, request.container)) await this.stop();
    const mustMove = before !== null && request.port !== undefined && request.port !== before.port;
    if (mustMove) await this.#leavePort(before, request.port ?? before.port);
    if (this.#server?.state !== 'running') await this.#startAnew(request);
    const { port } = this.#desired();
    const { connection, password } = postgresPasswords(this.#context, port);
    await ensureApplicationDatabase(connection, { ...request, password });
    this.#context.store.update({ postgres: { ...this.#desired(), request } });
    return this.#status(this.#desired());
  }

  /** Starts what ran in an earlier life. Throws what the first attempt threw, and goes on trying. */
  async resume(): Promise<void> {
    const desired = this.#context.store.current.postgres;
    if (desired === null) return;
    this.#context.ports.hold(desired.port);
    try {
      await this.#launch();
    } finally {
      if (desired.home !== null) await removeLeftovers(desired.home);
    }
  }

  /**
   * How to reach the server.
   *
   * @throws AgentctlError NotDeployed: there is none; EnvironmentNotReady: it does not run now
   */
  reach(): ReachedPostgres {
    const desired = this.#context.store.current.postgres;
    if (desired === null) throw noDatabase();
    if (this.#server?.state !== 'running') {
      throw new AgentctlError('EnvironmentNotReady', 'PostgreSQL does not run at the moment', {
        fix: 'Read logs/postgres/postgres.log in the state directory.',
        retryable: true,
      });
    }
    const { connection } = postgresPasswords(this.#context, desired.port);
    return { connection, database: desired.request.database, dataDirectory: desired.home?.dataDirectory ?? null };
  }

  /** Where the schema stands. Throws as {@link PostgresKeeper.reach} does. */
  async schemaRevision(): Promise<string> {
    const { connection, database } = this.reach();
    return await readSchemaRevision(connection, database);
  }

  /**
   * Where the data lies, whether or not the server runs; null when it is in a volume.
   *
   * @throws AgentctlError NotDeployed: there is no database
   */
  home(): PostgresHome | null {
    const desired = this.#context.store.current.postgres;
    if (desired === null) throw noDatabase();
    return desired.home;
  }

  /**
   * Puts restored data in the place of what is there, and serves it on the same port.
   *
   * @throws what made it fail; what was there before then serves again
   */
  async swap(home: PostgresHome, swap: Omit<DataSwap, 'version'>): Promise<void> {
    await this.stop();
    let failure: unknown;
    try {
      beginSwap(home, swap);
    } catch (error) {
      failure = error;
    }
    await this.#launch();
    if (failure !== undefined) throw failure;
    if (isCommitted(home, swap.id)) return;
    throw new AgentctlError('EnvironmentNotReady', 'PostgreSQL does not start on the restored data', {
      fix: 'Read logs/postgres/postgres.log in the state directory. The data from before serves again.',
    });
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
    const prepare = async (): Promise<PostgresHome> => {
      const user = await databaseOsUser();
      return await preparePostgresHome({ preferredDirectory: layout.postgresDirectory, key: layout.key, user });
    };
    if (request.container !== undefined) await this.#context.containers.ready();
    const home = request.container === undefined ? (before?.home ?? (await prepare())) : null;
    // Recorded before anything is made, so that whatever happens it can be found and removed.
    store.update({ postgres: { request, port, home } });
    await this.#launch();
  }

  /** Starts the server. A swap of its data that was begun is finished, or undone when the server does not start on it. */
  async #launch(): Promise<void> {
    const { home } = this.#desired();
    const swap = home === null ? undefined : settleSwap(home);
    this.#server = this.#keep();
    try {
      await this.#server.start();
    } catch (error) {
      if (swap === undefined || home === null) throw error;
      this.#context.note(`the restore ${swap.id} is undone: ${messageOf(error)}`);
      await this.stop();
      undoSwap(home, swap);
      this.#server = this.#keep();
      await this.#server.start();
      return;
    }
    if (swap !== undefined && home !== null) commitSwap(home, swap);
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
    const { connection, password } = postgresPasswords(this.#context, port);
    const { container } = request;
    const { server, version } =
      home === null && container !== undefined
        ? await startPostgresContainer(this.#context, { container, port, connection })
        : await startPostgresProcess(this.#context, { home: this.#directory(), port, name: 'postgres' });
    this.#version = version;
    await applyPassword(connection, request.user, password).catch(async (error: unknown) => {
      await stopPostgres(server);
      throw error;
    });
    return server;
  }

  #directory(): PostgresHome {
    const { home } = this.#desired();
    if (home !== null) return home;
    throw new AgentctlError('Bug', 'a database in a volume has no directory', { fix: 'Report this.' });
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
      dataDirectory: home?.dataDirectory ?? this.#context.containers.volumeName('postgres'),
      state: this.#server?.state ?? 'down',
      restarts: this.#server?.restarts ?? 0,
    };
  }
}

function noDatabase(): AgentctlError {
  return new AgentctlError('NotDeployed', 'the stage has no database', {
    fix: 'Deploy first, with a `postgres` section that agentctl runs.',
  });
}

function otherRuntime({ home }: DesiredPostgres): AgentctlError {
  const runtime = home === null ? 'docker' : 'process';
  return new AgentctlError('Refused', `the database of this stage was made by the ${runtime} runtime`, {
    fix: `Set clouds.local.runtime: ${runtime}, deploy to a stage of its own (--stage), or remove the data first: agentctl destroy --delete-data.`,
  });
}

/** Whether the server has to be started anew to be as it is asked for. */
function isOtherContainer(before: PostgresRequest['container'], wanted: PostgresRequest['container']): boolean {
  return before !== undefined && wanted !== undefined && !isDeepStrictEqual(before, wanted);
}

function portTaken(port: number): AgentctlError {
  const owner = portOwner(port);
  return new AgentctlError(
    'PortTaken',
    `port ${port} for PostgreSQL is taken${owner === undefined ? '' : ` by ${owner}`}`,
    {
      fix: `Stop what listens on port ${port}, or choose another under \`clouds.local.postgres.port\`, and deploy again.`,
    },
  );
}
