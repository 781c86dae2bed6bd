import type { FakeWorld } from '../../fake-world.js';
import { GoogleError } from '../../google-error.js';
import { createJob, type JobOptions } from '../run/job.js';
import type { WorkloadKind } from '../run/revision.js';
import { runState, serviceHost } from '../run/run-state.js';
import { createWorkload, type Workload, type WorkloadSpec } from '../run/workload.js';
import { FailedAfterCreation } from './failed-after-creation.js';
import { type Attributes, block, type ResourceType } from './resource-type.js';
import { networkAnnotations, podSpec, revisionTemplate, trafficBlocks, trafficTargets } from './run-template.js';

/** Services and worker pools are the ones that gcloud sees; an apply waits for their revision. */
function workloadType(kind: WorkloadKind): ResourceType {
  const isService = kind === 'service';
  const word = isService ? 'Service' : 'WorkerPool';
  const known = (world: FakeWorld): Map<string, Workload> => {
    const { services, workerPools } = world.state(runState);
    return isService ? services : workerPools;
  };
  const found = (world: FakeWorld, attributes: Attributes): Workload => {
    const workload = known(world).get(String(attributes['name']));
    if (workload === undefined)
      throw new GoogleError('NOT_FOUND', `Resource '${String(attributes['name'])}' was not found`);
    return workload;
  };
  const settle = async (workload: Workload): Promise<string | undefined> => {
    await workload.settled;
    const ready = workload.conditions.find(({ type }) => type === 'Ready');
    return ready?.status === 'True' ? undefined : (ready?.message ?? 'unknown');
  };
  const told = (verb: string, message: string): string =>
    `Error waiting to ${verb} ${word}: Error waiting for ${verb === 'create' ? 'Creating' : 'Updating'} ${word}: Error code 9, message: ${message}`;
  return {
    type: isService ? 'google_cloud_run_v2_service' : 'google_cloud_run_v2_worker_pool',
    async create(attributes, { world }) {
      const name = String(attributes['name']);
      if (known(world).has(name)) throw new GoogleError('ALREADY_EXISTS', `Resource '${name}' already exists.`);
      const spec = specOf(attributes, isService);
      const workload = createWorkload(world, kind, name, spec);
      workload.apply(spec);
      known(world).set(name, workload);
      const failure = await settle(workload);
      if (failure !== undefined) throw new FailedAfterCreation(told('create', failure));
      return view(world, workload);
    },
    read: (attributes, { world }) => {
      const workload = known(world).get(String(attributes['name']));
      return workload === undefined ? undefined : view(world, workload);
    },
    async update(attributes, _prior, { world }) {
      const workload = found(world, attributes);
      workload.apply(specOf(attributes, isService));
      const failure = await settle(workload);
      if (failure !== undefined) throw new GoogleError('FAILED_PRECONDITION', told('update', failure));
      return view(world, workload);
    },
    async delete(attributes, { world }) {
      const workload = found(world, attributes);
      known(world).delete(workload.name);
      await workload.kill();
    },
  };
}

function specOf(attributes: Attributes, isService: boolean): WorkloadSpec {
  const count = block(attributes['scaling'])?.['manual_instance_count'];
  const ingress = String(attributes['ingress'] ?? 'INGRESS_TRAFFIC_ALL').replace('INGRESS_TRAFFIC_', '');
  return {
    metadata: {
      labels: (attributes['labels'] ?? {}) as Record<string, string>,
      annotations: {
        ...(isService ? { 'run.googleapis.com/ingress': ingress.toLowerCase().replaceAll('_', '-') } : {}),
        ...(count === undefined ? {} : { 'run.googleapis.com/manualInstanceCount': String(count) }),
      },
    },
    template: revisionTemplate(attributes['template']),
    traffic: trafficTargets(attributes[isService ? 'traffic' : 'instance_splits']),
  };
}

function view(world: FakeWorld, workload: Workload): Attributes {
  const { kind, name, uid, generation, latestCreated, latestReady, spec } = workload;
  const path = `projects/${world.project}/locations/${world.region}/${kind === 'service' ? 'services' : 'workerPools'}/${name}`;
  const uri = `https://${serviceHost(world, name)}`;
  return {
    uid,
    generation: String(generation),
    reconciling: false,
    latest_created_revision: `${path}/revisions/${latestCreated ?? ''}`,
    latest_ready_revision: `${path}/revisions/${latestReady ?? ''}`,
    ...(kind === 'service'
      ? { uri, urls: [uri], traffic: trafficBlocks(spec.traffic, 'TRAFFIC_TARGET') }
      : { instance_splits: trafficBlocks(spec.traffic, 'INSTANCE_SPLIT') }),
  };
}

const jobType: ResourceType = {
  type: 'google_cloud_run_v2_job',
  create: (attributes, { world }) => {
    const { jobs } = world.state(runState);
    const options = jobOptions(attributes);
    if (jobs.has(options.name)) throw new GoogleError('ALREADY_EXISTS', `Resource '${options.name}' already exists.`);
    const job = createJob(world, options);
    jobs.set(job.name, job);
    return { uid: job.uid, generation: '1', execution_count: 0 };
  },
  read: (attributes, { world }) => {
    const job = world.state(runState).jobs.get(String(attributes['name']));
    return job === undefined ? undefined : { generation: String(job.generation), execution_count: job.executions.size };
  },
  update: (attributes, _prior, { world }) => {
    const { name, ...rest } = jobOptions(attributes);
    const job = world.state(runState).jobs.get(name);
    if (job === undefined) throw new GoogleError('NOT_FOUND', `Resource '${name}' was not found`);
    Object.assign(job, rest, { generation: job.generation + 1 });
    return { generation: String(job.generation) };
  },
  async delete(attributes, { world }) {
    const { jobs } = world.state(runState);
    const job = jobs.get(String(attributes['name']));
    if (job === undefined) return;
    jobs.delete(job.name);
    await Promise.all([...job.executions.values()].map(async (execution) => await execution.kill()));
  },
};

function jobOptions(attributes: Attributes): JobOptions {
  const execution = block(attributes['template']) ?? {};
  const task = block(execution['template']) ?? {};
  const { task_count: taskCount, parallelism } = execution;
  return {
    name: String(attributes['name']),
    metadata: { labels: (attributes['labels'] ?? {}) as Record<string, string> },
    executionMetadata: {
      labels: (execution['labels'] ?? {}) as Record<string, string>,
      annotations: networkAnnotations(task),
    },
    spec: {
      ...(taskCount === undefined ? {} : { taskCount: Number(taskCount) }),
      ...(parallelism === undefined ? {} : { parallelism: Number(parallelism) }),
      template: {
        spec: {
          ...podSpec(task),
          ...(task['max_retries'] === undefined ? {} : { maxRetries: Number(task['max_retries']) }),
        },
      },
    },
  };
}

/** Cloud Run. */
export const cloudRunTypes: readonly ResourceType[] = [workloadType('service'), workloadType('worker-pool'), jobType];
