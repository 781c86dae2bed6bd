import { AgentctlError, isAgentctlError } from '../../errors.js';
import { failureBodyOf } from '../failure-body.js';
import type { PreviousDatabase, RestoreRequest, RestoreStatus } from '../protocol.js';
import type { SerialQueue } from '../serial-queue.js';
import type { SupervisorContext } from '../supervisor-context.js';
import type { BackupStore } from './backup-store.js';
import type { PostgresKeeper } from './postgres-keeper.js';
import { restoreCopy } from './restore-copy.js';
import { restoreDump } from './restore-dump.js';
import type { RestoreJob, RestoreMethod } from './restore-method.js';

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

/** Puts backups back: beside the data that serves, verified there, then in its place. What was there before is kept until it is deleted. */
export class RestoreKeeper {
  readonly #environment: RestoreEnvironment;
  readonly #running = new Map<string, { readonly stop: AbortController; readonly ended: Promise<void> }>();

  constructor(environment: RestoreEnvironment) {
    this.#environment = environment;
  }

  /** After the server was brought back: says how restores of an earlier life have ended. */
  async settle(): Promise<void> {
    const method = this.#method();
    for (const status of this.#all()) {
      if (status.state !== 'running' || this.#running.has(status.id)) continue;
      const isDone = (await method?.isDone(status.id).catch(() => false)) === true;
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
    postgres.home();
    const method = this.#method();
    const backup = backups.find(backupId);
    if (backup === undefined || method === undefined) {
      throw new AgentctlError('NotDeployed', `there is no backup ${backupId}`, {
        fix: 'Look at the list of backups: agentctl backup list',
      });
    }
    method.assertFits(backup);
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
    const step = (text: string): void => this.#step(id, text);
    const job = { id, backup, archive: backups.archiveOf(backup), step, signal: stop.signal };
    const ended = queue(() => this.#restore(method, job)).finally(() => this.#running.delete(id));
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
    return (await this.#method()?.previous()) ?? [];
  }

  /** False: there is none. */
  async deletePrevious(id: string): Promise<boolean> {
    return (await this.#method()?.deletePrevious(id)) ?? false;
  }

  /** Ends what runs; one that is just putting the data in place finishes that. */
  async stop(): Promise<void> {
    const running = [...this.#running.values()];
    for (const { stop } of running) stop.abort(cutShort());
    await Promise.all(running.map(({ ended }) => ended));
  }

  /** Never throws: what went wrong is recorded. */
  async #restore(method: RestoreMethod, job: RestoreJob): Promise<void> {
    const { context } = this.#environment;
    const { id, signal, step } = job;
    try {
      signal.throwIfAborted();
      await method.prepare(job);
      signal.throwIfAborted();
      await method.putInPlace(job, context.now().toISOString());
      step('serves the restored data; what was there before is kept');
      this.#end(id, 'done');
    } catch (error) {
      if (!isAgentctlError(error)) {
        context.note(error instanceof Error ? (error.stack ?? error.message) : String(error));
      }
      await method
        .discard(id)
        .catch((failure: unknown) => context.note(`cannot remove what restore ${id} made: ${String(failure)}`));
      this.#end(id, 'failed', error);
    }
  }

  /** Undefined: there is no database. */
  #method(): RestoreMethod | undefined {
    const { context, postgres, postgresQueue } = this.#environment;
    const desired = context.store.current.postgres;
    if (desired === null) return undefined;
    const { home } = desired;
    return home === null ? restoreDump({ context, postgres }) : restoreCopy({ context, postgres, postgresQueue, home });
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
