import { rm } from 'node:fs/promises';
import { AgentctlError, isAgentctlError } from '../../errors.js';
import {
  type PostgresHome,
  assertArchiveIntact,
  bundledPostgresVersion,
  ensureApplicationDatabase,
  stopPostgres,
  unpackBackup,
  verifyPostgres,
} from '../../tools/postgres/index.js';
import type { RunningProcess } from '../../tools/process/index.js';
import { failureBodyOf } from '../failure-body.js';
import type { BackupRecord, PreviousDatabase, RestoreRequest, RestoreStatus } from '../protocol.js';
import type { SerialQueue } from '../serial-queue.js';
import type { SupervisorContext } from '../supervisor-context.js';
import type { BackupStore } from './backup-store.js';
import { isCommitted, previousDatabases, removePrevious, restoredDirectory } from './data-swap.js';
import type { PostgresKeeper } from './postgres-keeper.js';
import { postgresPasswords, startPostgresProcess } from './postgres-process.js';

/** The write-ahead log of a backup that took long is long. */
const recoveredWithinSeconds = 1800;
const rememberedRestores = 20;

/** What restores work with. */
export interface RestoreEnvironment {
  readonly context: SupervisorContext;
  readonly postgres: PostgresKeeper;
  readonly backups: BackupStore;
  /** Shared with backups; one of them works at a time. */
  readonly queue: SerialQueue;
  /** Everything that starts and stops the server goes through this. */
  readonly postgresQueue: SerialQueue;
}

/**
 * Puts backups back: unpacked beside the data that serves, started and verified there, and then put in its place. What was
 * there before is kept until it is deleted.
 */
export class RestoreKeeper {
  readonly #environment: RestoreEnvironment;
  readonly #running = new Map<string, { readonly stop: AbortController; readonly ended: Promise<void> }>();

  constructor(environment: RestoreEnvironment) {
    this.#environment = environment;
  }

  /** After the server was brought back: says how restores of an earlier life have ended. */
  settle(): void {
    for (const status of this.#all()) {
      if (status.state !== 'running' || this.#running.has(status.id)) continue;
      const isDone = isCommitted(this.#environment.postgres.home(), status.id);
      this.#end(status.id, isDone ? 'done' : 'failed', isDone ? undefined : cutShort());
    }
  }

  /**
   * Begins a restore. One that runs or is done is answered with what is known about it; one that failed is tried again.
   *
   * @throws AgentctlError NotDeployed: there is no such backup, or no database; Refused: another version of PostgreSQL
   */
  put({ id, backup: backupId }: RestoreRequest): RestoreStatus {
    const known = this.get(id);
    if (known !== undefined && known.state !== 'failed') return known;
    const { backups, context, postgres, queue } = this.#environment;
    const home = postgres.home();
    const backup = backups.find(backupId);
    if (backup === undefined) {
      throw new AgentctlError('NotDeployed', `there is no backup ${backupId}`, {
        fix: 'Look at the list of backups: agentctl backup list',
      });
    }
    assertSameMajor(backup);
    const startedAt = context.now().toISOString();
    const status: RestoreStatus = {
      id,
      backup: backupId,
      state: 'running',
      startedAt,
      endedAt: null,
      steps: [],
      problem: null,
    };
    this.#record(status);
    const stop = new AbortController();
    const ended = queue(() => this.#restore(id, backup, home, stop.signal)).finally(() => this.#running.delete(id));
    this.#running.set(id, { stop, ended });
    return status;
  }

  get(id: string): RestoreStatus | undefined {
    return this.#all().find((status) => status.id === id);
  }

  /** Ends a restore unless it is just putting the data in place, and answers with how it ended. */
  async cancel(id: string): Promise<RestoreStatus | undefined> {
    const running = this.#running.get(id);
    running?.stop.abort(stopped());
    await running?.ended;
    return this.get(id);
  }

  async previous(): Promise<readonly PreviousDatabase[]> {
    const { postgres } = this.#environment.context.store.current;
    return postgres === null ? [] : await previousDatabases(postgres.home);
  }

  /** False: there is none. */
  async deletePrevious(id: string): Promise<boolean> {
    const { postgres } = this.#environment.context.store.current;
    return postgres !== null && (await removePrevious(postgres.home, id));
  }

  /** Ends what runs; one that is just putting the data in place finishes that. */
  async stop(): Promise<void> {
    const running = [...this.#running.values()];
    for (const { stop } of running) stop.abort(cutShort());
    await Promise.all(running.map(({ ended }) => ended));
  }

  /** Never throws: what went wrong is recorded. */
  async #restore(id: string, backup: BackupRecord, home: PostgresHome, signal: AbortSignal): Promise<void> {
    const { context, postgres, postgresQueue } = this.#environment;
    const restored = { ...home, dataDirectory: restoredDirectory(home, id) };
    try {
      signal.throwIfAborted();
      await this.#prepare(id, backup, restored, signal);
      signal.throwIfAborted();
      this.#step(id, 'stops the server and puts the restored data in its place');
      const replacedAt = context.now().toISOString();
      await postgresQueue(() => postgres.swap({ id, backup: backup.id, replacedAt }));
      this.#step(id, 'serves the restored data; what was there before is kept');
      this.#end(id, 'done');
    } catch (error) {
      if (!isAgentctlError(error)) {
        context.note(error instanceof Error ? (error.stack ?? error.message) : String(error));
      }
      await rm(restored.dataDirectory, { recursive: true, force: true }).catch((failure: unknown) =>
        context.note(`cannot remove ${restored.dataDirectory}: ${String(failure)}`),
      );
      this.#end(id, 'failed', error);
    }
  }

  /** Everything that can be done while the other data serves. */
  async #prepare(id: string, backup: BackupRecord, home: PostgresHome, signal: AbortSignal): Promise<void> {
    const { backups, context } = this.#environment;
    const archive = backups.archiveOf(backup.id);
    await rm(home.dataDirectory, { recursive: true, force: true });
    this.#step(id, `checks the archive of ${backup.id}`);
    await assertArchiveIntact(archive, backup, signal);
    this.#step(id, `unpacks it beside the database`);
    await unpackBackup(archive, home, signal);
    this.#step(id, 'starts it on a port of its own and recovers it');
    const port = await context.ports.allocate();
    let server: RunningProcess | undefined;
    try {
      ({ server } = await startPostgresProcess(context, {
        home,
        port,
        name: 'postgres-restore',
        readyWithinSeconds: recoveredWithinSeconds,
        signal,
      }));
      this.#step(id, await this.#verify(port, signal));
    } finally {
      if (server !== undefined) await stopPostgres(server);
      context.ports.release(port);
    }
  }

  /** What was verified, for people. */
  async #verify(port: number, signal: AbortSignal): Promise<string> {
    const { context } = this.#environment;
    const request = context.store.current.postgres?.request;
    const { connection, password } = postgresPasswords(context, port);
    const { databases, tables, rows, indexes, checksums } = await verifyPostgres(connection, signal);
    if (request === undefined || !databases.includes(request.database)) {
      throw new AgentctlError('Refused', `the backup holds no database "${request?.database}"`, {
        fix: `Restore one that does, or set postgres.database to what it holds: ${databases.join(', ')}.`,
      });
    }
    await ensureApplicationDatabase(connection, { ...request, password });
    const checked = checksums ? ', the checksum of every page' : '';
    return `verified ${tables} tables with ${rows} rows, ${indexes} indexes${checked}`;
  }

  #all(): readonly RestoreStatus[] {
    return this.#environment.context.store.current.restores;
  }

  #record(status: RestoreStatus): void {
    const others = this.#all().filter(({ id }) => id !== status.id);
    this.#environment.context.store.update({ restores: [...others, status].slice(-rememberedRestores) });
  }

  #step(id: string, text: string): void {
    const status = this.get(id);
    this.#environment.context.note(`restore ${id}: ${text}`);
    if (status !== undefined) this.#record({ ...status, steps: [...status.steps, text] });
  }

  #end(id: string, state: 'done' | 'failed', error?: unknown): void {
    const { context } = this.#environment;
    const status = this.get(id);
    if (status === undefined) return;
    const problem = state === 'done' ? null : failureBodyOf(error, context.logs);
    if (problem !== null) context.note(`restore ${id} failed: ${problem.message}`);
    this.#record({ ...status, state, endedAt: context.now().toISOString(), problem });
  }
}

function assertSameMajor({ id, postgresVersion }: BackupRecord): void {
  const ours = bundledPostgresVersion();
  if (ours.split('.')[0] === postgresVersion.split('.')[0]) return;
  throw new AgentctlError('Refused', `backup ${id} is of PostgreSQL ${postgresVersion}, this agentctl brings ${ours}`, {
    fix: 'Restore it with the agentctl version that took it.',
  });
}

function cutShort(): AgentctlError {
  return new AgentctlError('TargetUnavailable', 'the local supervisor ended during the restore', {
    fix: 'Begin it again; the data from before serves.',
    retryable: true,
  });
}

function stopped(): AgentctlError {
  return new AgentctlError('Interrupted', 'the restore was stopped; the data from before serves', {
    fix: 'Begin it again when you want it.',
  });
}
