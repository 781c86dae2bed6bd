import { isAgentctlError } from '../errors.js';
import { Gateway } from './gateway/gateway.js';
import { BackupKeeper } from './data/backup-keeper.js';
import { assertDumps } from './data/backup-schedule.js';
import { PostgresKeeper } from './data/postgres-keeper.js';
import { RestoreKeeper } from './data/restore-keeper.js';
import {
  type PostgresRequest,
  type PostgresStatus,
  type RedisStatus,
  type ServerRequest,
  type ServerStatus,
  type SupervisorStatus,
  protocolVersion,
} from './protocol.js';
import { RedisKeeper } from './data/redis-keeper.js';
import { ServerKeeper } from './data/server-keeper.js';
import { ReleaseRegistry } from './release/release-registry.js';
import { Scheduler } from './tasks/scheduler.js';
import { createSerialQueue } from './serial-queue.js';
import type { SupervisorContext } from './supervisor-context.js';
import { removeOwnSupervisorFile } from './supervisor-file.js';
import { TaskRunner } from './tasks/task-runner.js';

const pollMilliseconds = 50;

/** Everything one supervisor keeps, and what can be asked of it. */
export class Supervisor {
  readonly releases: ReleaseRegistry;
  readonly tasks: TaskRunner;
  readonly backups: BackupKeeper;
  readonly restores: RestoreKeeper;
  readonly #context: SupervisorContext;
  readonly #about: { readonly version: string; readonly pid: number; readonly startedAt: string };
  readonly #gateway: Gateway;
  readonly #scheduler: Scheduler;
  readonly #postgres: PostgresKeeper;
  readonly #redis: RedisKeeper;
  readonly #servers: ServerKeeper;
  readonly #postgresQueue = createSerialQueue();
  /** Backups and restores. */
  readonly #dataQueue = createSerialQueue();
  readonly #redisQueue = createSerialQueue();
  #shutdown: Promise<void> | undefined;

  constructor(context: SupervisorContext, about: { readonly version: string; readonly pid: number }) {
    this.#context = context;
    this.#about = { ...about, startedAt: context.now().toISOString() };
    this.#gateway = new Gateway(context, () => this.releases.newestFirst());
    this.tasks = new TaskRunner(context, {
      openService: (service) => this.#gateway.openService(service),
      servingRelease: () => this.#gateway.serving?.id,
    });
    this.#scheduler = new Scheduler(context, this.tasks);
    this.releases = new ReleaseRegistry({ context, gateway: this.#gateway, scheduler: this.#scheduler });
    this.#postgres = new PostgresKeeper(context);
    this.#redis = new RedisKeeper(context);
    this.#servers = new ServerKeeper(context);
    this.backups = new BackupKeeper(context, this.#postgres, this.#dataQueue);
    this.restores = new RestoreKeeper({
      context,
      postgres: this.#postgres,
      backups: this.backups.store,
      queue: this.#dataQueue,
      postgresQueue: this.#postgresQueue,
    });
  }

  /** Whether it is stopping, and takes no more requests. */
  get isStopping(): boolean {
    return this.#shutdown !== undefined;
  }

  /** Whether nothing would be missed if it ended. */
  get isIdle(): boolean {
    const { postgres, redis, servers } = this.#context.store.current;
    const hasData = postgres !== null || redis !== null || servers.length > 0;
    return !hasData && !this.releases.hasActive && this.tasks.runningCount === 0;
  }

  putPostgres(request: PostgresRequest): Promise<PostgresStatus> {
    assertDumps(request.dumps);
    return this.#postgresQueue(async () => {
      const status = await this.#postgres.ensure(request);
      this.backups.follow(request.dumps);
      return status;
    });
  }

  /** Where the schema of the database stands; null when there is none. */
  async schemaRevision(): Promise<string | null> {
    if (this.#context.store.current.postgres === null) return null;
    return await this.#postgres.schemaRevision();
  }

  putRedis(): Promise<RedisStatus> {
    return this.#redisQueue(() => this.#redis.ensure());
  }

  putServer(request: ServerRequest): Promise<ServerStatus> {
    return this.#servers.put(request);
  }

  status(): SupervisorStatus {
    return {
      protocolVersion,
      ...this.#about,
      url: this.#gateway.url,
      servingRelease: this.#gateway.serving?.id ?? null,
      releases: this.releases.statuses(),
      postgres: this.#postgres.status(),
      redis: this.#redis.status(),
      servers: this.#servers.statuses(),
      runningTasks: [...this.tasks.running()],
      schedules: this.#scheduler.status(),
      backups: this.backups.status(),
    };
  }

  /**
   * Brings back what ran in an earlier life, as far as that works within the time; the rest is tried on and on. Requests
   * are taken at once, processes started when the way is `cleared` of those of the earlier life.
   */
  async resume(withinSeconds: number, cleared: Promise<unknown>): Promise<void> {
    const resuming = async (): Promise<void> => {
      await this.#attempt('open the gateway', this.releases.reopen());
      await cleared;
      await Promise.all([
        this.#attempt(
          'bring back postgres',
          this.#dataQueue(() => this.#resumePostgres()),
        ),
        this.#attempt(
          'bring back redis',
          this.#redisQueue(() => this.#redis.resume()),
        ),
        this.#attempt('bring back the servers', this.#servers.resume()),
      ]);
      if (this.isStopping) return;
      await this.#attempt('bring back the serving release', this.releases.resume());
      while (!this.isStopping && this.releases.isResuming) await pause(pollMilliseconds);
    };
    await Promise.race([resuming(), pause(withinSeconds * 1000)]);
  }

  /** Stops everything: gateway, then replicas and tasks, then Redis, then PostgreSQL. Asked again, it is the same stop. */
  shutdown(): Promise<void> {
    this.#shutdown ??= this.#stopEverything();
    return this.#shutdown;
  }

  /** No backup and no restore begins before this is over: it clears away what earlier ones have left. */
  async #resumePostgres(): Promise<void> {
    await this.backups.settle();
    try {
      await this.#postgresQueue(() => this.#postgres.resume());
    } finally {
      await this.restores.settle();
      if (!this.isStopping) this.backups.follow(this.#context.store.current.postgres?.request.dumps);
    }
  }

  async #stopEverything(): Promise<void> {
    this.#context.note('stopping');
    // Whatever happens from now on, the guard must not start another one.
    removeOwnSupervisorFile(this.#context.layout);
    this.#scheduler.follow(undefined);
    await this.#attempt('stop the gateway', this.#gateway.close());
    await this.#attempt('stop the releases', this.releases.stopAll());
    await this.#attempt('stop the tasks', this.tasks.stopAll());
    await this.#attempt('stop the backups', Promise.all([this.backups.stop(), this.restores.stop()]));
    await this.#attempt(
      'stop redis',
      this.#redisQueue(() => this.#redis.stop()),
    );
    await this.#attempt('stop the servers', this.#servers.stop());
    await this.#attempt(
      'stop postgres',
      this.#postgresQueue(() => this.#postgres.stop()),
    );
    await this.#attempt('remove the network', this.#context.containers.close());
    await this.#attempt('write the logs', this.#context.logs.close());
    this.#context.note('stopped');
  }

  async #attempt(what: string, work: Promise<unknown>): Promise<void> {
    await work.catch((error: unknown) => this.#context.note(`cannot ${what}: ${describe(error)}`));
  }
}

function describe(error: unknown): string {
  if (!isAgentctlError(error)) return String(error);
  return `${error.message}. ${error.fix}${error.detail === undefined ? '' : `\n${error.detail}`}`;
}

async function pause(milliseconds: number): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve, milliseconds).unref());
}
