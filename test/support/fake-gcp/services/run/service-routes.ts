import type { GoogleCall, Route } from '../../fake-service.js';
import type { FakeWorld } from '../../fake-world.js';
import { gcpTiming } from '../../gcp-timing.js';
import { GoogleError, notFound } from '../../google-error.js';
import { allRevisions } from './all-revisions.js';
import { matchesLabels } from './label-selector.js';
import type { Metadata, RevisionTemplate, TrafficTarget } from './knative.js';
import { runState } from './run-state.js';
import { revisionView, workloadView } from './run-views.js';
import { createWorkload, type Workload, type WorkloadSpec } from './workload.js';

const serving = '/apis/serving.knative.dev/v1/namespaces/{namespace}';
const pools = '/apis/run.googleapis.com/v1/namespaces/{namespace}/workerpools';

interface Document {
  readonly metadata?: Metadata & { readonly resourceVersion?: string };
  readonly spec?: {
    readonly template?: RevisionTemplate;
    readonly traffic?: readonly TrafficTarget[];
    readonly instanceSplits?: readonly TrafficTarget[];
  };
}

/** Services, worker pools and revisions. */
export function serviceRoutes(world: FakeWorld): readonly Route[] {
  const state = world.state(runState);
  const kinds = [
    { kind: 'service', known: state.services, base: `${serving}/services`, title: 'namespaces.services' },
    { kind: 'worker-pool', known: state.workerPools, base: pools, title: 'namespaces.workerpools' },
  ] as const;
  const named = (known: ReadonlyMap<string, Workload>, { path }: GoogleCall): Workload => {
    const found = known.get(path['name'] ?? '');
    if (found === undefined)
      throw notFound(
        `Resource '${path['name']}' of kind 'SERVICE' in region '${world.region}' in project '${world.project}' does not exist.`,
      );
    return found;
  };
  /** What is quick is done when the answer comes: then nobody has to ask again. */
  const answered = async (workload: Workload): Promise<unknown> => {
    const { answerMilliseconds } = world.state(gcpTiming);
    await Promise.race([workload.settled, new Promise((resolve) => setTimeout(resolve, answerMilliseconds).unref())]);
    return workloadView(world, workload);
  };
  const list = (items: readonly unknown[], kind: string): unknown => ({ apiVersion: 'v1', kind, metadata: {}, items });
  const isServing = (name: string): boolean =>
    [...state.services.values(), ...state.workerPools.values()].some(({ traffic }) =>
      traffic.some(({ revisionName, percent = 0, tag }) => revisionName === name && (percent > 0 || tag !== undefined)),
    );

  const workloads = kinds.flatMap(({ kind, known, base, title }): Route[] => [
    {
      method: 'GET',
      path: base,
      name: `${title}.list`,
      handle: () =>
        list(
          [...known.values()].map((each) => workloadView(world, each)),
          'List',
        ),
    },
    {
      method: 'GET',
      path: `${base}/{name}`,
      name: `${title}.get`,
      handle: (call) => workloadView(world, named(known, call)),
    },
    {
      method: 'POST',
      path: base,
      name: `${title}.create`,
      handle: async ({ body }) => {
        const document = body as Document;
        const name = document.metadata?.name ?? '';
        if (known.has(name)) throw new GoogleError('ALREADY_EXISTS', `Resource '${name}' already exists.`);
        const spec = specOf(document);
        const workload = createWorkload(world, kind, name, spec);
        workload.apply(spec);
        known.set(name, workload);
        return await answered(workload);
      },
    },
    {
      method: 'PUT',
      path: `${base}/{name}`,
      name: kind === 'service' ? `${title}.replaceService` : `${title}.replaceWorkerPool`,
      handle: async (call) => {
        const workload = named(known, call);
        const document = call.body as Document;
        const version = document.metadata?.resourceVersion;
        const current = `AAY${String(workload.generation).padStart(6, '0')}`;
        if (version !== undefined && version !== current) {
          const message = `Conflict for resource '${workload.name}': version '${version}' was specified but current version is '${current}'.`;
          throw new GoogleError('ABORTED', message);
        }
        if (call.query.get('dryRun') === 'all') return workloadView(world, workload);
        workload.apply(specOf(document));
        return await answered(workload);
      },
    },
    {
      method: 'DELETE',
      path: `${base}/{name}`,
      name: `${title}.delete`,
      handle: async (call) => {
        const workload = named(known, call);
        known.delete(workload.name);
        await workload.kill();
        return { status: 'Success' };
      },
    },
  ]);
  return [
    ...workloads,
    {
      method: 'GET',
      path: `${serving}/revisions`,
      name: 'namespaces.revisions.list',
      handle: ({ query }) => {
        const views = allRevisions(state)
          .filter(({ workload }) =>
            matchesLabels(query.get('labelSelector'), { 'serving.knative.dev/service': workload }),
          )
          .map((revision) => revisionView(world, revision, isServing(revision.name)));
        return list(views.reverse(), 'RevisionList');
      },
    },
    {
      method: 'GET',
      path: `${serving}/revisions/{name}`,
      name: 'namespaces.revisions.get',
      handle: ({ path }) => {
        const found = allRevisions(state).find(({ name }) => name === path['name']);
        if (found === undefined) throw notFound(`Resource '${path['name']}' of kind 'REVISION' does not exist.`);
        return revisionView(world, found, isServing(found.name));
      },
    },
    {
      method: 'DELETE',
      path: `${serving}/revisions/{name}`,
      name: 'namespaces.revisions.delete',
      handle: async ({ path }) => {
        const name = path['name'] ?? '';
        const owner = [...state.services.values()].find(({ revisions }) => revisions.has(name));
        if (owner === undefined) throw notFound(`Resource '${name}' of kind 'REVISION' does not exist.`);
        if (isServing(name)) {
          const message = `Revision ${name} cannot be deleted: it is receiving traffic or has a tag.`;
          throw new GoogleError('FAILED_PRECONDITION', message);
        }
        await owner.deleteRevision(name);
        return { status: 'Success' };
      },
    },
  ];
}

function specOf({ metadata = {}, spec = {} }: Document): WorkloadSpec {
  if (spec.template === undefined) throw new GoogleError('INVALID_ARGUMENT', 'spec.template is required');
  const { name, labels, annotations } = metadata;
  return {
    metadata: {
      ...(name === undefined ? {} : { name }),
      ...(labels === undefined ? {} : { labels }),
      ...(annotations === undefined ? {} : { annotations }),
    },
    template: spec.template,
    traffic: checkedTraffic(spec.traffic ?? spec.instanceSplits ?? [{ latestRevision: true, percent: 100 }]),
  };
}

function checkedTraffic(traffic: readonly TrafficTarget[]): readonly TrafficTarget[] {
  const sum = traffic.reduce((total, { percent = 0 }) => total + percent, 0);
  if (sum !== 100)
    throw new GoogleError('INVALID_ARGUMENT', `spec.traffic: the percentages must sum to 100, not ${sum}`);
  const tags = traffic.flatMap(({ tag }) => (tag === undefined ? [] : [tag]));
  if (new Set(tags).size < tags.length) throw new GoogleError('INVALID_ARGUMENT', 'spec.traffic: tags must be unique');
  return traffic.map(({ url: _url, ...target }) => target);
}
