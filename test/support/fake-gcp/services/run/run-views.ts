import type { FakeWorld } from '../../fake-world.js';
import type { Execution, ExecutionTask } from './execution.js';
import type { RunJob } from './job.js';
import { type Condition, condition, type Metadata } from './knative.js';
import type { Revision } from './revision.js';
import { serviceHost } from './run-state.js';
import type { Workload } from './workload.js';

interface Identity {
  readonly name: string;
  readonly uid: string;
  readonly createdAt: Date;
}

const serving = 'serving.knative.dev/v1';
const run = 'run.googleapis.com/v1';

function metadataOf(
  world: FakeWorld,
  { name, uid, createdAt }: Identity,
  generation: number,
  own: Metadata,
  path: string,
): unknown {
  return {
    ...own,
    name,
    namespace: world.projectNumber,
    selfLink: `/apis/${path.replace('{ns}', world.projectNumber)}/${name}`,
    uid,
    resourceVersion: `AAY${String(generation).padStart(6, '0')}`,
    generation,
    creationTimestamp: createdAt.toISOString(),
    labels: { ...own.labels, 'cloud.googleapis.com/location': world.region },
    annotations: { 'serving.knative.dev/creator': `tester@${world.project}.example`, ...own.annotations },
  };
}

/** A `Service` or `WorkerPool`. */
export function workloadView(world: FakeWorld, workload: Workload): unknown {
  const { kind, name, spec, generation, observedGeneration, conditions, latestCreated, latestReady } = workload;
  const isService = kind === 'service';
  const path = isService ? `${serving}/namespaces/{ns}/services` : `${run}/namespaces/{ns}/workerpools`;
  const traffic = workload.traffic.map((target) =>
    isService && target.tag !== undefined
      ? { ...target, url: `https://${serviceHost(world, name, target.tag)}` }
      : target,
  );
  const url = `https://${serviceHost(world, name)}`;
  return {
    apiVersion: isService ? serving : run,
    kind: isService ? 'Service' : 'WorkerPool',
    metadata: metadataOf(world, workload, generation, spec.metadata, path),
    spec: { template: spec.template, ...(isService ? { traffic: spec.traffic } : { instanceSplits: spec.traffic }) },
    status: {
      observedGeneration,
      conditions,
      latestCreatedRevisionName: latestCreated,
      latestReadyRevisionName: latestReady,
      ...(isService ? { traffic, url, address: { url } } : { instanceSplits: traffic }),
    },
  };
}

export function revisionView(world: FakeWorld, revision: Revision, isServing: boolean): unknown {
  const { kind, workload, template, isReady, reason, message, imageDigest } = revision;
  const label = kind === 'service' ? 'serving.knative.dev/service' : 'run.googleapis.com/workerPool';
  const metadata = { ...template.metadata, labels: { ...template.metadata?.labels, [label]: workload } };
  const told: [string?, string?] = isReady === false ? [reason, message] : [];
  const conditions: Condition[] = [
    condition('Ready', isReady, ...told),
    condition('ContainerHealthy', isReady, ...told),
    condition('ResourcesAvailable', isReady),
    ...(isReady === true ? [condition('Active', isServing)] : []),
  ];
  return {
    apiVersion: serving,
    kind: 'Revision',
    metadata: metadataOf(world, revision, 1, metadata, `${serving}/namespaces/{ns}/revisions`),
    spec: template.spec,
    status: { observedGeneration: 1, conditions, imageDigest, logUrl: 'https://console.cloud.google.com/logs' },
  };
}

export function jobView(world: FakeWorld, job: RunJob): unknown {
  const latest = [...job.executions.values()].at(-1);
  return {
    apiVersion: run,
    kind: 'Job',
    metadata: metadataOf(world, job, job.generation, job.metadata, `${run}/namespaces/{ns}/jobs`),
    spec: { template: { metadata: job.executionMetadata, spec: job.spec } },
    status: {
      observedGeneration: job.generation,
      conditions: [condition('Ready', true)],
      executionCount: job.executions.size,
      ...(latest === undefined
        ? {}
        : {
            latestCreatedExecution: {
              name: latest.name,
              creationTimestamp: latest.createdAt.toISOString(),
              completionTimestamp: latest.endedAt?.toISOString(),
            },
          }),
    },
  };
}

export function executionView(world: FakeWorld, execution: Execution): unknown {
  const { metadata, job, spec, tasks, startedAt, endedAt, conditions } = execution;
  const labels = { ...metadata.labels, 'run.googleapis.com/job': job };
  const count = (state: ExecutionTask['state']): number => tasks.filter((task) => task.state === state).length;
  return {
    apiVersion: run,
    kind: 'Execution',
    metadata: metadataOf(world, execution, 1, { ...metadata, labels }, `${run}/namespaces/{ns}/executions`),
    spec,
    status: {
      observedGeneration: 1,
      conditions,
      startTime: startedAt?.toISOString(),
      completionTime: endedAt?.toISOString(),
      runningCount: count('running'),
      succeededCount: count('succeeded'),
      failedCount: count('failed'),
      cancelledCount: count('cancelled'),
      logUri: 'https://console.cloud.google.com/logs',
    },
  };
}

export function taskView(world: FakeWorld, execution: Execution, task: ExecutionTask): unknown {
  const { index, name, state, retries, startedAt, endedAt, exitCode, message } = task;
  const identity = { name, uid: `${execution.uid}-${index}`, createdAt: execution.createdAt };
  const labels = { 'run.googleapis.com/job': execution.job, 'run.googleapis.com/execution': execution.name };
  const isOver = endedAt !== undefined;
  return {
    apiVersion: run,
    kind: 'Task',
    metadata: metadataOf(world, identity, 1, { labels }, `${run}/namespaces/{ns}/tasks`),
    spec: execution.spec.template.spec,
    status: {
      observedGeneration: 1,
      index,
      retried: retries,
      startTime: startedAt?.toISOString(),
      completionTime: endedAt?.toISOString(),
      conditions: [condition('Completed', isOver ? state === 'succeeded' : undefined, undefined, message)],
      ...(isOver
        ? { lastAttemptResult: { exitCode, status: { code: state === 'succeeded' ? 0 : 2, message: message ?? '' } } }
        : {}),
    },
  };
}
