import type { FakeWorld } from '../../fake-world.js';
import { type Instance, startInstance } from './instance.js';
import { type Condition, condition, type ExecutionSpec, type Metadata } from './knative.js';

/** One task of a run: a container that is tried until it ends well, or too often. */
export interface ExecutionTask {
  readonly index: number;
  readonly name: string;
  state: 'waiting' | 'running' | 'succeeded' | 'failed' | 'cancelled';
  retries: number;
  startedAt: Date | undefined;
  endedAt: Date | undefined;
  exitCode: number | undefined;
  message: string | undefined;
}

/** A run of a job. */
export interface Execution {
  readonly name: string;
  readonly job: string;
  readonly uid: string;
  readonly createdAt: Date;
  readonly metadata: Metadata;
  readonly spec: ExecutionSpec;
  readonly tasks: readonly ExecutionTask[];
  readonly startedAt: Date | undefined;
  readonly endedAt: Date | undefined;
  readonly isCancelled: boolean;
  readonly conditions: readonly Condition[];
  /** Resolves when it is over. */
  readonly ended: Promise<void>;
  cancel(): Promise<void>;
  kill(): Promise<void>;
}

export interface ExecutionOptions {
  readonly name: string;
  readonly job: string;
  readonly metadata: Metadata;
  readonly spec: ExecutionSpec;
}

const usualTimeoutSeconds = 600;
const usualRetries = 3;

export function startExecution(world: FakeWorld, { name, job, metadata, spec }: ExecutionOptions): Execution {
  const { taskCount = 1, parallelism = 0 } = spec;
  const pod = spec.template.spec;
  const running = new Set<Instance>();
  const state = {
    name,
    job,
    uid: world.newId(32),
    createdAt: new Date(),
    metadata,
    spec,
    tasks: Array.from({ length: taskCount }, (_, index): ExecutionTask => ({
      index,
      name: `${name}-task${index}`,
      state: 'waiting',
      retries: 0,
      startedAt: undefined,
      endedAt: undefined,
      exitCode: undefined,
      message: undefined,
    })),
    startedAt: undefined as Date | undefined,
    endedAt: undefined as Date | undefined,
    isCancelled: false,
    conditions: [condition('Completed', undefined), condition('Started', undefined)] as readonly Condition[],
  };

  const attempt = async (task: ExecutionTask, number: number): Promise<void> => {
    const started = await startInstance(world, {
      template: { metadata, spec: pod },
      needsPort: false,
      environment: {
        CLOUD_RUN_JOB: job,
        CLOUD_RUN_EXECUTION: name,
        CLOUD_RUN_TASK_INDEX: String(task.index),
        CLOUD_RUN_TASK_ATTEMPT: String(number),
        CLOUD_RUN_TASK_COUNT: String(taskCount),
      },
      log: {
        resource: {
          type: 'cloud_run_job',
          labels: { project_id: world.project, location: world.region, job_name: job },
        },
        labels: {
          'run.googleapis.com/execution_name': name,
          'run.googleapis.com/task_index': String(task.index),
          'run.googleapis.com/task_attempt': String(number),
        },
      },
    });
    if (started.kind === 'failed') {
      task.exitCode = undefined;
      task.message = started.reason;
      return;
    }
    const { instance } = started;
    running.add(instance);
    if (state.isCancelled) void instance.stop();
    let isLate = false;
    const seconds = Number(String(pod.timeoutSeconds ?? usualTimeoutSeconds).replace(/s$/, ''));
    const timer = setTimeout(() => {
      isLate = true;
      void instance.stop();
    }, seconds * 1000);
    task.exitCode = await instance.ended;
    clearTimeout(timer);
    running.delete(instance);
    // The container of the application is what counts; those beside it end with it.
    await instance.stop(0);
    if (isLate) task.message = `The configured timeout was reached.`;
    else task.message = task.exitCode === 0 ? undefined : `The container exited with an error.`;
  };
  const runTask = async (task: ExecutionTask): Promise<void> => {
    task.state = 'running';
    task.startedAt = new Date();
    const { maxRetries = usualRetries } = pod;
    for (let number = 0; ; number += 1) {
      task.retries = number;
      await attempt(task, number);
      const isDone = task.exitCode === 0 && task.message === undefined;
      if (isDone || state.isCancelled || number >= maxRetries) {
        task.state = isDone ? 'succeeded' : state.isCancelled ? 'cancelled' : 'failed';
        break;
      }
    }
    task.endedAt = new Date();
  };
  const complete = (): Condition => {
    const failed = state.tasks.find((task) => task.state === 'failed');
    if (state.isCancelled) return condition('Completed', false, 'Cancelled', 'The execution was cancelled.');
    if (failed === undefined) return condition('Completed', true, undefined, 'Execution completed successfully.');
    return condition(
      'Completed',
      false,
      'NonZeroExitCode',
      `Task ${failed.name} failed with message: ${failed.message ?? ''}`,
    );
  };
  const run = async (): Promise<void> => {
    const started = condition('Started', true, undefined, 'Started deployed execution.');
    const waiting = [...state.tasks];
    state.startedAt = new Date();
    const available = condition('ResourcesAvailable', true);
    state.conditions = [condition('Completed', undefined), started, available];
    const work = async (): Promise<void> => {
      for (let task = waiting.shift(); task !== undefined; task = waiting.shift()) {
        // What fails ends the run: what has not begun then does not begin.
        if (state.isCancelled || state.tasks.some((each) => each.state === 'failed')) return;
        await runTask(task);
      }
    };
    await Promise.all(Array.from({ length: parallelism === 0 ? taskCount : parallelism }, work));
    state.endedAt = new Date();
    state.conditions = [complete(), started, available];
  };
  const stopAll = async (graceSeconds?: number): Promise<void> => {
    state.isCancelled = true;
    await Promise.all([...running].map(async (instance) => await instance.stop(graceSeconds)));
    await ended;
  };
  const ended = Promise.resolve().then(run);
  world.background(ended);
  return Object.assign(state, {
    ended,
    cancel: async () => (state.endedAt === undefined ? await stopAll() : undefined),
    kill: async () => (state.endedAt === undefined ? await stopAll(0) : undefined),
  });
}
