import { rmSync } from 'node:fs';
import { join } from 'node:path';
import type { Writable } from 'node:stream';
import { AgentctlError, hasSystemCode, isAgentctlError, messageOf } from '../../errors.js';
import type { ProcessEnd, RunningProcess } from '../../tools/process/index.js';
import type { LogSink } from '../logs/log-book.js';
import type { AttachRequest } from '../attach-protocol.js';
import type { TaskRequest, TaskStatus } from '../protocol.js';
import { pause } from '../pause.js';
import { prepareLaunch } from '../release/prepare-launch.js';
import { servicesReferredTo } from '../release/resolve-launch.js';
import { startWorkload } from '../release/start-workload.js';
import { type SupervisorContext, trackProcess } from '../supervisor-context.js';
import { type Follower, type Watcher, createFollower } from './follower.js';
import { keptTasks, scheduleOf } from './task-history.js';

/** Between SIGTERM and SIGKILL. */
const stopGraceSeconds = 10;
/** Between SIGINT and SIGTERM, for a task that somebody interrupts: many programs put things in order only then. */
const interruptGraceSeconds = 5;
/** What a shell answers for a command that may not be run, and for one that is not there. */
const notStartedExitCodes = { forbidden: 126, notFound: 127 };
/** The longest time a timer takes, in milliseconds; a longer one would go off at once. */
const longestTimer = 2 ** 31 - 1;
/** What somebody watched needs no log of any length. */
const largestAttachedLogBytes = 10 * 1024 * 1024;

/** What tasks need from the rest of the supervisor. */
export interface TaskEnvironment {
  readonly openService: (service: string) => Promise<void>;
  readonly servingRelease: () => string | undefined;
}

interface RunningTask {
  readonly process: RunningProcess;
  /** How it is to be reported when it has ended. */
  outcome: 'exited' | 'timed-out' | 'stopped';
  readonly finished: Promise<void>;
  readonly follower: Follower | undefined;
}

/** A task that somebody watches. */
export interface AttachedTask {
  /** Undefined when it has none, or when it could not be started. */
  readonly input: Writable | undefined;
  /** Resolves when it has ended and the watcher was given all of its output. */
  readonly ended: Promise<TaskStatus>;
}

interface StartOptions {
  readonly follower?: Follower | undefined;
  readonly stdin?: boolean;
}

/** Runs commands to their end: migrations, `run`, schedules. */
export class TaskRunner {
  readonly #context: SupervisorContext;
  readonly #environment: TaskEnvironment;
  readonly #running = new Map<string, RunningTask>();
  readonly #starting = new Map<string, Promise<TaskStatus>>();

  constructor(context: SupervisorContext, environment: TaskEnvironment) {
    this.#context = context;
    this.#environment = environment;
  }

  get runningCount(): number {
    return this.#running.size + this.#starting.size;
  }

  /**
   * Starts a task. A known id is answered with what is known about it.
   *
   * @throws AgentctlError SecretMissing, SpecInvalid: its environment cannot be made
   */
  async put(request: TaskRequest): Promise<TaskStatus> {
    const known = this.get(request.id);
    if (known !== undefined) return known;
    const starting = this.#starting.get(request.id) ?? this.#start(request);
    this.#starting.set(request.id, starting);
    try {
      return await starting;
    } finally {
      this.#starting.delete(request.id);
    }
  }

  /**
   * Starts a task for somebody who watches it.
   *
   * @throws AgentctlError Refused: the id is known already; SecretMissing, SpecInvalid: its environment cannot be made
   */
  async attach({ task, stdin }: AttachRequest, watcher: Watcher): Promise<AttachedTask> {
    const { id } = task;
    if (this.get(id) !== undefined || this.#starting.has(id)) {
      throw new AgentctlError('Refused', `task ${id} was started before`, { fix: 'Run it under an id of its own.' });
    }
    const starting = this.#start(task, { follower: createFollower(this.#context.logs, watcher), stdin });
    this.#starting.set(id, starting);
    try {
      await starting;
    } finally {
      this.#starting.delete(id);
    }
    const running = this.#running.get(id);
    return {
      input: running?.process.input,
      ended: Promise.resolve(running?.finished.catch(() => undefined)).then(() => this.#known(id)),
    };
  }

  /** Those that have not ended. */
  running(): readonly TaskStatus[] {
    return this.#context.store.current.tasks.filter((task) => task.state === 'running');
  }

  get(id: string): TaskStatus | undefined {
    return this.#context.store.current.tasks.find((task) => task.id === id);
  }

  /** Ends a task, if it still runs, and resolves when it is gone. `interrupt`: with SIGINT first, as at a terminal. */
  async stop(id: string, { interrupt = false } = {}): Promise<TaskStatus | undefined> {
    await this.#starting.get(id)?.catch(() => undefined);
    const running = this.#running.get(id);
    if (running !== undefined) await this.#end(running, 'stopped', interrupt);
    return this.get(id);
  }

  async stopAll(): Promise<void> {
    const letGo = (): void => this.#running.forEach(({ follower }) => follower?.letGo());
    // By then all have been killed: whoever still has not taken the output never will.
    const patience = setTimeout(letGo, (stopGraceSeconds + 1) * 1000);
    await Promise.all([...this.#starting.keys(), ...this.#running.keys()].map((id) => this.stop(id)));
    clearTimeout(patience);
  }

  /** Tasks of an earlier life: nobody knows how they ended. */
  markLost(): void {
    const endedAt = this.#context.now().toISOString();
    const tasks = this.#context.store.current.tasks.map((task) =>
      task.state === 'running' ? { ...task, state: 'lost' as const, endedAt } : task,
    );
    this.#context.store.update({ tasks });
  }

  async #start(request: TaskRequest, { follower, stdin = false }: StartOptions = {}): Promise<TaskStatus> {
    const context = this.#context;
    for (const service of servicesReferredTo(request)) await this.#environment.openService(service);
    const { command, env } = await prepareLaunch(context, request, {
      release: request.release ?? this.#environment.servingRelease(),
    });
    const logFile = join(context.layout.taskLogsDirectory, `${request.id}.log`);
    const log = this.#openLog(request, logFile, follower !== undefined);
    const startedAt = context.now().toISOString();
    // On disk before it runs: whatever happens now, this id never runs a second time.
    this.#record({ id: request.id, state: 'running', exitCode: null, signal: null, startedAt, endedAt: null, logFile });
    try {
      const { artifact, container } = request;
      const label = `task:${request.id}`;
      const child = await startWorkload(
        context,
        { label, artifact, container, command, env, stdin },
        {
          onOutput: (stream, chunk) => {
            log.write(stream, chunk);
            follower?.write(stream, chunk);
          },
          holdUp: (stream) => follower?.holdUp(stream),
        },
      );
      trackProcess(context, label, child);
      this.#follow(request, child, log, follower);
    } catch (error) {
      const fix = isAgentctlError(error) ? ` (${error.fix})` : '';
      const line = Buffer.from(`agentctl: ${messageOf(error)}${fix}\n`);
      log.write('err', line);
      follower?.write('err', line);
      await Promise.all([log.end(), follower?.finish()]);
      this.#recordEnd(request.id, 'exited', { exitCode: notStartedExitCode(error), signal: null });
    }
    return this.#known(request.id);
  }

  /** The runs of a schedule are one more log of the release, beside those of its services. */
  #openLog({ id, release = '-' }: TaskRequest, file: string, isAttached: boolean): LogSink {
    const { logs } = this.#context;
    const own = logs.openPlain(file, isAttached ? { largestBytes: largestAttachedLogBytes } : {});
    const schedule = scheduleOf({ id });
    if (schedule === undefined) return own;
    const shared = logs.open({ service: schedule, replica: schedule, release });
    return {
      write: (stream, chunk) => [own, shared].forEach((log) => log.write(stream, chunk)),
      tail: () => own.tail(),
      end: async () => void (await Promise.all([own.end(), shared.end()])),
    };
  }

  #follow(request: TaskRequest, child: RunningProcess, log: LogSink, follower: Follower | undefined): void {
    const { timeoutSeconds = Infinity } = request;
    const timer = setTimeout(() => void this.#end(running, 'timed-out'), Math.min(timeoutSeconds * 1000, longestTimer));
    const finished = child.ended.then(async (end) => {
      clearTimeout(timer);
      // Whoever sees that it has ended can read all of its output.
      await Promise.all([log.end(), follower?.finish()]);
      this.#running.delete(request.id);
      this.#recordEnd(request.id, running.outcome, end);
    });
    finished.catch((error: unknown) => this.#context.note(`task ${request.id}: ${messageOf(error)}`));
    const running: RunningTask = { process: child, outcome: 'exited', finished, follower };
    this.#running.set(request.id, running);
  }

  async #end(task: RunningTask, outcome: 'timed-out' | 'stopped', interrupt = false): Promise<void> {
    if (task.outcome === 'exited') task.outcome = outcome;
    if (interrupt) {
      task.process.signal('SIGINT');
      const ended = new AbortController();
      void task.process.ended.then(() => ended.abort());
      await pause(interruptGraceSeconds, ended.signal);
    }
    await task.process.stop({ graceSeconds: stopGraceSeconds });
    await task.finished.catch(() => undefined);
  }

  #recordEnd(id: string, state: TaskStatus['state'], end: ProcessEnd): void {
    const endedAt = this.#context.now().toISOString();
    this.#record({ ...this.#known(id), state, exitCode: end.exitCode, signal: end.signal, endedAt });
  }

  #record(status: TaskStatus): void {
    const others = this.#context.store.current.tasks.filter((task) => task.id !== status.id);
    const { kept, dropped } = keptTasks([...others, status]);
    this.#context.store.update({ tasks: [...kept] });
    for (const task of dropped) rmSync(task.logFile, { force: true });
  }

  #known(id: string): TaskStatus {
    const status = this.get(id);
    if (status !== undefined) return status;
    throw new Error(`task ${id} was not recorded`);
  }
}

function notStartedExitCode(error: unknown): number {
  const cause = error instanceof Error ? error.cause : undefined;
  return hasSystemCode(cause, 'EACCES') ? notStartedExitCodes.forbidden : notStartedExitCodes.notFound;
}
