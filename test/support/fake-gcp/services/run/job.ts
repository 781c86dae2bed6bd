import type { FakeWorld } from '../../fake-world.js';
import { type Execution, startExecution } from './execution.js';
import type { Container, ExecutionSpec, Metadata, Variable } from './knative.js';

/** A Cloud Run job: what its runs are made from. */
export interface RunJob {
  readonly name: string;
  readonly uid: string;
  readonly createdAt: Date;
  metadata: Metadata;
  /** Annotations and labels of its runs. */
  executionMetadata: Metadata;
  spec: ExecutionSpec;
  generation: number;
  /** Oldest first. */
  readonly executions: Map<string, Execution>;
}

/** `RunJobRequest.overrides` of the API. */
export interface ExecutionOverrides {
  readonly containerOverrides?: readonly {
    readonly name?: string;
    readonly args?: readonly string[];
    readonly clearArgs?: boolean;
    readonly env?: readonly Variable[];
  }[];
  readonly taskCount?: number;
  readonly timeoutSeconds?: number | string;
}

export interface JobOptions {
  readonly name: string;
  readonly metadata: Metadata;
  readonly executionMetadata: Metadata;
  readonly spec: ExecutionSpec;
}

export function createJob(world: FakeWorld, { name, metadata, executionMetadata, spec }: JobOptions): RunJob {
  const job: RunJob = {
    name,
    uid: world.newId(32),
    createdAt: new Date(),
    metadata,
    executionMetadata,
    spec,
    generation: 1,
    executions: new Map(),
  };
  world.onStop(async () => {
    await Promise.all([...job.executions.values()].map(async (execution) => await execution.kill()));
  });
  return job;
}

/** Starts a run of it. */
export function runJob(world: FakeWorld, job: RunJob, overrides: ExecutionOverrides = {}): Execution {
  const name = `${job.name}-${world.newId(5)}`;
  const execution = startExecution(world, {
    name,
    job: job.name,
    metadata: job.executionMetadata,
    spec: overridden(job.spec, overrides),
  });
  job.executions.set(name, execution);
  return execution;
}

function overridden(spec: ExecutionSpec, overrides: ExecutionOverrides): ExecutionSpec {
  const { containerOverrides = [], taskCount = spec.taskCount, timeoutSeconds } = overrides;
  const pod = spec.template.spec;
  const changed = (container: Container, index: number): Container => {
    // Without a name it is for the only container.
    const found = containerOverrides.find(({ name }) =>
      name === undefined || name === '' ? index === 0 : name === container.name,
    );
    if (found === undefined) return container;
    const args = found.clearArgs === true ? [] : (found.args ?? []).length > 0 ? found.args : container.args;
    const own = (container.env ?? []).filter(({ name }) => !(found.env ?? []).some((each) => each.name === name));
    return { ...container, ...(args === undefined ? {} : { args }), env: [...own, ...(found.env ?? [])] };
  };
  return {
    ...spec,
    ...(taskCount === undefined ? {} : { taskCount }),
    template: {
      spec: {
        ...pod,
        containers: pod.containers.map(changed),
        ...(timeoutSeconds === undefined ? {} : { timeoutSeconds }),
      },
    },
  };
}
