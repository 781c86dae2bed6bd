import type { GoogleCall, Route } from '../../fake-service.js';
import type { FakeWorld } from '../../fake-world.js';
import { GoogleError, notFound } from '../../google-error.js';
import type { TrafficTarget } from './knative.js';
import { runState } from './run-state.js';
import type { Workload } from './workload.js';

const base = '/v2/projects/{project}/locations/{location}';

/** `InstanceSplit` of the API v2. */
interface InstanceSplit {
  readonly type?: string;
  readonly revision?: string;
  readonly percent?: number;
}

interface Operation {
  readonly name: string;
  done: boolean;
  error?: { readonly code: number; readonly message: string };
  response?: unknown;
}

/** Worker pools by the Cloud Run Admin API v2: what gcloud does by gRPC. An operation is not done when the answer comes. */
export function workerPoolRoutes(world: FakeWorld): readonly Route[] {
  const { workerPools } = world.state(runState);
  const operations = new Map<string, Operation>();
  const parent = `projects/${world.project}/locations/${world.region}`;
  const pool = ({ path }: GoogleCall): Workload => {
    const found = workerPools.get(path['name'] ?? '');
    if (found === undefined) throw notFound(`Resource '${path['name']}' of kind 'WORKER_POOL' does not exist.`);
    return found;
  };
  const started = (work: () => Promise<Pick<Operation, 'error' | 'response'>>): Operation => {
    const operation: Operation = { name: `${parent}/operations/${world.newId(12)}`, done: false };
    operations.set(operation.name, operation);
    world.background(work().then((ended) => void Object.assign(operation, ended, { done: true })));
    return { ...operation };
  };
  return [
    {
      method: 'PATCH',
      path: `${base}/workerPools/{name}`,
      name: 'projects.locations.workerPools.patch',
      handle: (call) => {
        const workload = pool(call);
        if (call.query.get('updateMask') !== 'instanceSplits')
          throw new GoogleError('INVALID_ARGUMENT', 'fake: only instanceSplits can be changed');
        const { instanceSplits = [] } = call.body as { instanceSplits?: readonly InstanceSplit[] };
        const sum = instanceSplits.reduce((total, { percent = 0 }) => total + percent, 0);
        if (sum !== 100)
          throw new GoogleError('INVALID_ARGUMENT', `instance_splits: the percentages must sum to 100, not ${sum}`);
        workload.apply({ ...workload.spec, traffic: instanceSplits.map(targetOf) });
        return started(async () => {
          await workload.settled;
          const failed = workload.conditions.find(({ type, status }) => type === 'Ready' && status === 'False');
          return failed === undefined
            ? { response: { name: `${parent}/workerPools/${workload.name}` } }
            : { error: { code: 9, message: failed.message ?? 'not ready' } };
        });
      },
    },
    {
      method: 'DELETE',
      path: `${base}/workerPools/{name}`,
      name: 'projects.locations.workerPools.delete',
      handle: (call) => {
        const workload = pool(call);
        workerPools.delete(workload.name);
        return started(async () => {
          await workload.kill();
          return {};
        });
      },
    },
    {
      method: 'GET',
      path: `${base}/operations/{id}`,
      name: 'projects.locations.operations.get',
      handle: ({ path }) => {
        const found = operations.get(`${parent}/operations/${path['id']}`);
        if (found === undefined) throw notFound(`operation ${path['id']} was not found`);
        return found;
      },
    },
  ];
}

function targetOf({ type, revision, percent = 0 }: InstanceSplit): TrafficTarget {
  if (type === 'INSTANCE_SPLIT_ALLOCATION_TYPE_LATEST') return { latestRevision: true, percent };
  if (type !== 'INSTANCE_SPLIT_ALLOCATION_TYPE_REVISION' || revision === undefined || revision.includes('/'))
    throw new GoogleError('INVALID_ARGUMENT', `instance_splits: ${type} of revision ${revision} is none`);
  return { revisionName: revision, percent };
}
