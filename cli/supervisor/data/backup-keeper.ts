import { AgentctlError, isAgentctlError } from '../../errors.js';
import { type BaseBackup, takeBaseBackup } from '../../tools/postgres/index.js';
import type { DesiredState } from '../desired-state.js';
import { failureBodyOf } from '../failure-body.js';
import type { BackupRecord, BackupRequest, BackupStatus, BackupsStatus } from '../protocol.js';
import type { SerialQueue } from '../serial-queue.js';
import type { SupervisorContext } from '../supervisor-context.js';
import { BackupSchedule, type Dumps } from './backup-schedule.js';
import { type BackupStore, backupStore } from './backup-store.js';
import { datedId } from './dated-id.js';
import { takeDump } from './database-dump.js';
import type { PostgresKeeper, ReachedPostgres } from './postgres-keeper.js';
import { expiredBackups } from './retention.js';

type BackupRun = DesiredState['backupRuns'][number];

/** Runs of the schedule shown in the status. */
const shownRuns = 20;
/** Without a schedule, for the backups before migrations; the default of `postgres.backups.dumps.retention`. */
const defaultRetentionSeconds = 30 * 86_400;
/** Failed runs remembered. */
const rememberedRuns = 50;

interface RunningBackup {
  readonly run: BackupRun;
  readonly stop: AbortController;
  copiedBytes: number;
  readonly ended: Promise<void>;
}

/** Takes backups of the database of one stage, on request and by schedule, and keeps them. */
export class BackupKeeper {
  readonly store: BackupStore;
  readonly #context: SupervisorContext;
  readonly #postgres: PostgresKeeper;
  readonly #queue: SerialQueue;
  readonly #schedule: BackupSchedule;
  #retentionSeconds = defaultRetentionSeconds;
  readonly #running = new Map<string, RunningBackup>();

  /** `queue`: shared with restores; one of them works at a time. */
  constructor(context: SupervisorContext, postgres: PostgresKeeper, queue: SerialQueue) {
    this.#context = context;
    this.#postgres = postgres;
    this.#queue = queue;
    this.store = backupStore(context.layout.backupsDirectory);
    this.#schedule = new BackupSchedule(() => this.#takeTurn());
  }

  /** Records backups of an earlier life that were cut short as failed, and removes what there is of them. */
  async settle(): Promise<void> {
    const endedAt = this.#context.now().toISOString();
    for (const run of this.#runs()) {
      if (run.problem !== null || this.#running.has(run.id)) continue;
      if (this.store.find(run.id) === undefined) this.#record({ ...run, endedAt, problem: this.#body(cutShort()) });
      else this.#forget(run.id);
    }
    await this.store.removeIncomplete();
  }

  /** Takes backups by this schedule from now on, or by none. */
  follow(dumps: Dumps | undefined): void {
    this.#retentionSeconds = dumps?.retentionSeconds ?? defaultRetentionSeconds;
    this.#schedule.follow(dumps);
  }

  /**
   * Begins a backup. One that runs or is done is answered with what is known about it; one that failed is tried again.
   *
   * @throws AgentctlError NotDeployed: there is no database
   */
  put({ id, reason }: BackupRequest): BackupStatus {
    const known = this.get(id);
    if (known !== undefined && known.state !== 'failed') return known;
    this.#postgres.home();
    const run = { id, reason, startedAt: this.#context.now().toISOString(), endedAt: null, problem: null };
    this.#record(run);
    const stop = new AbortController();
    const ended = this.#queue(() => this.#take(run, stop.signal)).finally(() => this.#running.delete(id));
    this.#running.set(id, { run, stop, copiedBytes: 0, ended });
    return this.get(id) ?? { state: 'running', id, reason, startedAt: run.startedAt, copiedBytes: 0 };
  }

  get(id: string): BackupStatus | undefined {
    const running = this.#running.get(id);
    if (running !== undefined) {
      const { reason, startedAt } = running.run;
      return { state: 'running', id, reason, startedAt, copiedBytes: running.copiedBytes };
    }
    const backup = this.store.find(id);
    if (backup !== undefined) return doneStatus(backup);
    const failed = this.#runs().find((run) => run.id === id);
    return failed === undefined ? undefined : failedStatus(failed);
  }

  /** Removes a backup; one that runs is stopped first. False: there is none. */
  async delete(id: string): Promise<boolean> {
    const known = this.get(id);
    if (known === undefined) return false;
    const running = this.#running.get(id);
    running?.stop.abort(stopped());
    await running?.ended;
    await this.store.remove(id);
    this.#forget(id);
    return true;
  }

  status(): BackupsStatus {
    const backups = this.store.list();
    const failed = this.#runs().flatMap((run) => failedStatus(run) ?? []);
    return {
      last: backups[0] ?? null,
      next: this.#schedule.next,
      running: [...this.#running.keys()][0] ?? null,
      history: [...backups.map(doneStatus), ...failed]
        .filter(({ reason }) => reason === 'scheduled')
        .toSorted((a, b) => b.id.localeCompare(a.id))
        .slice(0, shownRuns),
    };
  }

  /** Ends the schedule and what runs. */
  async stop(): Promise<void> {
    this.follow(undefined);
    const running = [...this.#running.values()];
    for (const { stop } of running) stop.abort(cutShort());
    await Promise.all(running.map(({ ended }) => ended));
  }

  #takeTurn(): void {
    const { now, note } = this.#context;
    const [other] = this.#running.keys();
    if (other !== undefined) return note(`the scheduled backup skips its turn: ${other} still runs`);
    const id = datedId('backup', now());
    try {
      this.put({ id, reason: 'scheduled' });
    } catch (error) {
      note(`the scheduled backup: ${this.#body(error).message}`);
    }
  }

  async #removeExpired(): Promise<void> {
    const { now, note } = this.#context;
    for (const expired of expiredBackups(this.store.list(), { now: now(), retentionSeconds: this.#retentionSeconds })) {
      await this.store.remove(expired.id);
      note(`backup ${expired.id} of ${expired.createdAt} had its time and was removed`);
    }
  }

  /** Never throws: what went wrong is recorded. */
  async #take(run: BackupRun, signal: AbortSignal): Promise<void> {
    const { id, reason } = run;
    const { note, now } = this.#context;
    try {
      signal.throwIfAborted();
      const reached = this.#postgres.reach();
      const method = reached.dataDirectory === null ? 'dump' : 'copy';
      await this.store.begin(id);
      const taken = await this.#copy(reached, { id, method, signal });
      const createdAt = now().toISOString();
      const { bytes } = taken;
      this.store.finish({ version: 1, id, createdAt, reason, method, database: reached.database, ...taken });
      this.#forget(id);
      note(`backup ${id} (${reason}): ${bytes} bytes`);
      await this.#removeExpired();
    } catch (error) {
      await this.store.remove(id).catch((failure: unknown) => note(`cannot remove ${id}: ${String(failure)}`));
      const problem = this.#body(error);
      note(`backup ${id} (${reason}) failed: ${problem.message}`);
      if (!isAgentctlError(error)) note(error instanceof Error ? (error.stack ?? error.message) : String(error));
      this.#record({ ...run, endedAt: now().toISOString(), problem });
    }
  }

  async #copy(
    { connection, database, dataDirectory }: ReachedPostgres,
    { id, method, signal }: Pick<BackupRecord, 'id' | 'method'> & { readonly signal: AbortSignal },
  ): Promise<BaseBackup> {
    const file = this.store.archiveOf({ id, method });
    const onBytes = (copied: number): void => this.#progress(id, copied);
    if (dataDirectory === null) return await takeDump(this.#context, { connection, database, file, signal, onBytes });
    const label = `agentctl ${id}`;
    return await takeBaseBackup({ connection, database, dataDirectory, file, label, signal, onBytes });
  }

  #progress(id: string, copied: number): void {
    const running = this.#running.get(id);
    if (running !== undefined) running.copiedBytes = copied;
  }

  #body(error: unknown): NonNullable<BackupRun['problem']> {
    return failureBodyOf(error, this.#context.logs);
  }

  #runs(): readonly BackupRun[] {
    return this.#context.store.current.backupRuns;
  }

  #record(run: BackupRun): void {
    const others = this.#runs().filter(({ id }) => id !== run.id);
    this.#context.store.update({ backupRuns: [...others, run].slice(-rememberedRuns) });
  }

  #forget(id: string): void {
    this.#context.store.update({ backupRuns: this.#runs().filter((run) => run.id !== id) });
  }
}

function doneStatus(backup: BackupRecord): BackupStatus {
  return { state: 'done', id: backup.id, reason: backup.reason, backup };
}

function failedStatus({ id, reason, startedAt, endedAt, problem }: BackupRun): BackupStatus | undefined {
  if (problem === null || endedAt === null) return undefined;
  return { state: 'failed', id, reason, startedAt, endedAt, problem };
}

function cutShort(): AgentctlError {
  return new AgentctlError('TargetUnavailable', 'the local supervisor ended while the backup was taken', {
    fix: 'Take another one.',
    retryable: true,
  });
}

function stopped(): AgentctlError {
  return new AgentctlError('StepFailed', 'the backup was deleted while it was taken', { fix: 'Take another one.' });
}
