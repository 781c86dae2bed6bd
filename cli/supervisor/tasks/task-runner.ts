import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { isAgentctlError, messageOf } from '../../errors.js';
import { type ProcessEnd, type RunningProcess, startProcess } from '../../tools/process/index.js';
import type { LogSink } from '../logs/log-book.js';
import type { TaskRequest, TaskStatus } from '../protocol.js';
import { servicesReferredTo } from '../release/resolve-launch.js';
import { type SupervisorContext, prepareLaunch, trackProcess } from '../supervisor-context.js';
import { keptTasks } from './task-history.js';

/** Between SIGTERM and SIGKILL. */
const stopGraceSeconds = 10;
/** What a shell answers for a command that is not there or may not be run. */
const notFoundExitCode = 127;

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

  /** Those that have not ended. */
  running(): readonly TaskStatus[] {
    return this.#context.store.current.tasks.filter((task) => task.state === 'running');
  }

  get(id: string): TaskStatus | undefined {
    return this.#context.store.current.tasks.find((task) => task.id === id);
  }

  /** Ends a task, if it still runs, and resolves when it is gone. */
  async stop(id: string): Promise<TaskStatus | undefined> {
    await this.#starting.get(id)?.catch(() => undefined);
    const running = this.#running.get(id);
    if (running !== undefined) await this.#end(running, 'stopped');
    return this.get(id);
  }

  async stopAll(): Promise<void> {
    await Promise.all([...this.#starting.keys(), ...this.#running.keys()].map((id) => this.stop(id)));
  }

  /** Tasks of an earlier life: nobody knows how they ended. */
  markLost(): void {
    const endedAt = this.#context.now().toISOString();
    const tasks = this.#context.store.current.tasks.map((task) =>
      task.state === 'running' ? { ...task, state: 'lost' as const, endedAt } : task,
    );
    this.#context.store.update({ tasks });
  }

  async #start(request: TaskRequest): Promise<TaskStatus> {
    const context = this.#context;
    for (const service of servicesReferredTo(request)) await this.#environment.openService(service);
    const prepared = prepareLaunch(context, request, {
      release: request.release ?? this.#environment.servingRelease(),
    });
    const [command = '', ...args] = prepared.command;
    const logFile = join(context.layout.taskLogsDirectory, `${request.id}.log`);
    const log = context.logs.openPlain(logFile);
    const startedAt = context.now().toISOString();
    // On disk before it runs: whatever happens now, this id never runs a second time.
    this.#record({ id: request.id, state: 'running', exitCode: null, signal: null, startedAt, endedAt: null, logFile });
    try {
      const child = await startProcess({
        command,
        args,
        workingDirectory: request.artifact.directory,
        environment: prepared.env,
        onOutput: (stream, chunk) => log.write(stream, chunk),
      });
      trackProcess(context, `task:${request.id}`, child);
      this.#follow(request, child, log);
    } catch (error) {
      const fix = isAgentctlError(error) ? ` (${error.fix})` : '';
      log.write('err', Buffer.from(`agentctl: ${messageOf(error)}${fix}\n`));
      await log.end();
      this.#recordEnd(request.id, 'exited', { exitCode: notFoundExitCode, signal: null });
    }
    return this.#known(request.id);
  }

  #follow(request: TaskRequest, child: RunningProcess, log: LogSink): void {
    const timer = setTimeout(() => void this.#end(running, 'timed-out'), request.timeoutSeconds * 1000);
    const finished = child.ended.then(async (end) => {
      clearTimeout(timer);
      // Whoever sees that it has ended can read all of its output.
      await log.end();
      this.#running.delete(request.id);
      this.#recordEnd(request.id, running.outcome, end);
    });
    finished.catch((error: unknown) => this.#context.note(`task ${request.id}: ${messageOf(error)}`));
    const running: RunningTask = { process: child, outcome: 'exited', finished };
    this.#running.set(request.id, running);
  }

  async #end(task: RunningTask, outcome: 'timed-out' | 'stopped'): Promise<void> {
    if (task.outcome === 'exited') task.outcome = outcome;
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
