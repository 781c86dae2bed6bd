import type { GoogleCall, Route } from '../../fake-service.js';
import type { FakeWorld } from '../../fake-world.js';
import { GoogleError, notFound } from '../../google-error.js';
import type { Execution } from './execution.js';
import { createJob, type ExecutionOverrides, type RunJob, runJob } from './job.js';
import type { ExecutionSpec, Metadata } from './knative.js';
import { matchesLabels } from './label-selector.js';
import { runState } from './run-state.js';
import { executionView, jobView, taskView } from './run-views.js';

const base = '/apis/run.googleapis.com/v1/namespaces/{namespace}';

interface Document {
  readonly metadata?: Metadata;
  readonly spec?: { readonly template?: { readonly metadata?: Metadata; readonly spec?: ExecutionSpec } };
}

/** Jobs, their runs, and the tasks of those. */
export function jobRoutes(world: FakeWorld): readonly Route[] {
  const { jobs } = world.state(runState);
  const jobNamed = ({ path }: GoogleCall): RunJob => {
    const found = jobs.get(path['name'] ?? '');
    if (found === undefined)
      throw notFound(
        `Resource '${path['name']}' of kind 'JOB' in region '${world.region}' in project '${world.project}' does not exist.`,
      );
    return found;
  };
  const executions = (): Execution[] => [...jobs.values()].flatMap((job) => [...job.executions.values()]);
  const executionNamed = (name = ''): Execution => {
    const found = executions().find((execution) => execution.name === name);
    if (found === undefined) throw notFound(`Resource '${name}' of kind 'EXECUTION' does not exist.`);
    return found;
  };
  const list = (items: readonly unknown[], kind: string): unknown => ({ apiVersion: 'v1', kind, metadata: {}, items });
  const start = (job: RunJob, body: unknown): Execution => {
    const { overrides } = (body ?? {}) as { overrides?: ExecutionOverrides };
    return runJob(world, job, overrides);
  };
  return [
    {
      method: 'GET',
      path: `${base}/jobs`,
      name: 'namespaces.jobs.list',
      handle: () =>
        list(
          [...jobs.values()].map((job) => jobView(world, job)),
          'JobList',
        ),
    },
    {
      method: 'GET',
      path: `${base}/jobs/{name}`,
      name: 'namespaces.jobs.get',
      handle: (call) => jobView(world, jobNamed(call)),
    },
    {
      method: 'POST',
      path: `${base}/jobs`,
      name: 'namespaces.jobs.create',
      handle: ({ body }) => {
        const options = optionsOf(body as Document);
        if (jobs.has(options.name))
          throw new GoogleError('ALREADY_EXISTS', `Resource '${options.name}' already exists.`);
        const job = createJob(world, options);
        jobs.set(job.name, job);
        return jobView(world, job);
      },
    },
    {
      method: 'PUT',
      path: `${base}/jobs/{name}`,
      name: 'namespaces.jobs.replaceJob',
      handle: (call) => {
        const job = jobNamed(call);
        const { name: _name, ...rest } = optionsOf(call.body as Document);
        Object.assign(job, rest, { generation: job.generation + 1 });
        return jobView(world, job);
      },
    },
    {
      method: 'DELETE',
      path: `${base}/jobs/{name}`,
      name: 'namespaces.jobs.delete',
      handle: async (call) => {
        const job = jobNamed(call);
        jobs.delete(job.name);
        await Promise.all([...job.executions.values()].map(async (execution) => await execution.kill()));
        return { status: 'Success' };
      },
    },
    {
      method: 'POST',
      path: `${base}/jobs/{name}:run`,
      name: 'namespaces.jobs.run',
      handle: (call) => executionView(world, start(jobNamed(call), call.body)),
    },
    {
      method: 'POST',
      path: '/v2/projects/{project}/locations/{location}/jobs/{name}:run',
      name: 'projects.locations.jobs.run',
      handle: (call) => {
        const execution = start(jobNamed(call), call.body);
        const location = `projects/${world.project}/locations/${world.region}`;
        return {
          name: `${location}/operations/${execution.uid}`,
          metadata: { name: `${location}/jobs/${execution.job}/executions/${execution.name}` },
        };
      },
    },
    {
      method: 'GET',
      path: `${base}/executions`,
      name: 'namespaces.executions.list',
      handle: ({ query }) => {
        const found = executions().filter(({ job }) =>
          matchesLabels(query.get('labelSelector'), { 'run.googleapis.com/job': job }),
        );
        return list(
          found.reverse().map((execution) => executionView(world, execution)),
          'ExecutionList',
        );
      },
    },
    {
      method: 'GET',
      path: `${base}/executions/{name}`,
      name: 'namespaces.executions.get',
      handle: ({ path }) => executionView(world, executionNamed(path['name'])),
    },
    {
      method: 'POST',
      path: `${base}/executions/{name}:cancel`,
      name: 'namespaces.executions.cancel',
      handle: ({ path }) => {
        const execution = executionNamed(path['name']);
        if (execution.endedAt !== undefined) {
          throw new GoogleError('FAILED_PRECONDITION', `Execution '${execution.name}' is already completed.`);
        }
        world.background(execution.cancel());
        return executionView(world, execution);
      },
    },
    {
      method: 'DELETE',
      path: `${base}/executions/{name}`,
      name: 'namespaces.executions.delete',
      handle: async ({ path }) => {
        const execution = executionNamed(path['name']);
        await execution.kill();
        jobs.get(execution.job)?.executions.delete(execution.name);
        return { status: 'Success' };
      },
    },
    {
      method: 'GET',
      path: `${base}/tasks`,
      name: 'namespaces.tasks.list',
      handle: ({ query }) => {
        const selector = query.get('labelSelector');
        const found = executions().filter(({ name, job }) =>
          matchesLabels(selector, { 'run.googleapis.com/execution': name, 'run.googleapis.com/job': job }),
        );
        return list(
          found.flatMap((execution) => execution.tasks.map((task) => taskView(world, execution, task))),
          'TaskList',
        );
      },
    },
  ];
}

function optionsOf({ metadata = {}, spec }: Document) {
  const execution = spec?.template?.spec;
  if (execution === undefined) throw new GoogleError('INVALID_ARGUMENT', 'spec.template.spec is required');
  const { name = '', labels, annotations } = metadata;
  return {
    name,
    metadata: { ...(labels === undefined ? {} : { labels }), ...(annotations === undefined ? {} : { annotations }) },
    executionMetadata: spec?.template?.metadata ?? {},
    spec: execution,
  };
}
