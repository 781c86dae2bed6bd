import { isDeepStrictEqual } from 'node:util';
import type { FakeWorld } from '../../fake-world.js';
import { GoogleError } from '../../google-error.js';
import { type Condition, condition, type Metadata, type RevisionTemplate, type TrafficTarget } from './knative.js';
import { createRevision, type Revision, type WorkloadKind } from './revision.js';

/** What a service or a worker pool is asked to be. */
export interface WorkloadSpec {
  readonly metadata: Metadata;
  readonly template: RevisionTemplate;
  readonly traffic: readonly TrafficTarget[];
}

/** A Cloud Run service or worker pool: revisions, and which of them serve. */
export interface Workload {
  readonly kind: WorkloadKind;
  readonly name: string;
  readonly uid: string;
  readonly createdAt: Date;
  readonly spec: WorkloadSpec;
  readonly generation: number;
  readonly observedGeneration: number;
  /** Oldest first. */
  readonly revisions: ReadonlyMap<string, Revision>;
  readonly latestCreated: string | undefined;
  readonly latestReady: string | undefined;
  /** What serves now; stays where it is when a new revision does not get ready. */
  readonly traffic: readonly TrafficTarget[];
  readonly conditions: readonly Condition[];
  /** Resolves when what was asked for last is there, or has failed. */
  readonly settled: Promise<void>;
  apply(spec: WorkloadSpec): void;
  deleteRevision(name: string): Promise<void>;
  kill(): Promise<void>;
}

export function createWorkload(world: FakeWorld, kind: WorkloadKind, name: string, first: WorkloadSpec): Workload {
  const revisions = new Map<string, Revision>();
  const state = {
    kind,
    name,
    uid: world.newId(32),
    createdAt: new Date(),
    spec: first,
    generation: 0,
    observedGeneration: 0,
    latestCreated: undefined as string | undefined,
    latestReady: undefined as string | undefined,
    traffic: [] as readonly TrafficTarget[],
    conditions: [] as readonly Condition[],
    settled: Promise.resolve(),
  };
  let isKilled = false;

  const makeRevision = (template: RevisionTemplate): Revision => {
    const generated = `${name}-${String(state.generation).padStart(5, '0')}-${world.newId(3)}`;
    const wanted = template.metadata?.name;
    const revisionName = wanted === undefined || wanted === '' ? generated : wanted;
    const revision = createRevision(world, { name: revisionName, workload: name, kind, template });
    revisions.set(revisionName, revision);
    state.latestCreated = revisionName;
    return revision;
  };

  /** Says which revisions get what; undefined when one of them cannot serve. */
  const resolved = (traffic: readonly TrafficTarget[]): readonly TrafficTarget[] | string => {
    const wanted = traffic.length > 0 ? traffic : [{ latestRevision: true, percent: 100 }];
    const targets: TrafficTarget[] = [];
    for (const target of wanted) {
      const revisionName = target.latestRevision === true ? state.latestReady : target.revisionName;
      const revision = revisions.get(revisionName ?? '');
      if (revision === undefined) return `Revision '${revisionName ?? name}' not found.`;
      if (revision.isReady !== true) {
        return `Revision '${revision.name}' is not ready and cannot serve traffic. ${revision.message ?? ''}`.trim();
      }
      targets.push({ ...target, revisionName: revision.name });
    }
    return targets;
  };

  const adjust = async (): Promise<void> => {
    const reachable = new Map<string, number>();
    for (const { revisionName = '', percent = 0, tag } of state.traffic) {
      if (percent === 0 && tag === undefined) continue;
      reachable.set(revisionName, (reachable.get(revisionName) ?? 0) + percent);
    }
    const total = Number(state.spec.metadata.annotations?.['run.googleapis.com/manualInstanceCount'] ?? 1);
    const count = (revision: Revision): number => {
      const percent = reachable.get(revision.name);
      // An instance that has just come up is kept for a while; here, until there is a newer revision.
      if (percent === undefined) return kind === 'service' && revision.name === state.latestReady ? 1 : 0;
      if (kind === 'worker-pool') return Math.round((total * percent) / 100);
      const least = Number(revision.template.metadata?.annotations?.['autoscaling.knative.dev/minScale'] ?? 0);
      return Math.max(percent > 0 ? least : 0, 1);
    };
    const ready = [...revisions.values()].filter(({ isReady }) => isReady === true);
    // What is to serve is there before what served goes.
    const growing = ready.filter((revision) => count(revision) >= revision.instances.size);
    await Promise.all(growing.map(async (revision) => await revision.keep(count(revision))));
    await Promise.all(
      ready.filter((each) => !growing.includes(each)).map(async (each) => await each.keep(count(each))),
    );
  };

  const reconcile = async (generation: number, revision: Revision | undefined): Promise<void> => {
    if (revision !== undefined) {
      await revision.check();
      if (isKilled) return await revision.kill();
      if (revision.isReady === true) state.latestReady = revision.name;
    }
    if (state.generation !== generation) return;
    const failure =
      revision?.isReady === false
        ? `Revision '${revision.name}' is not ready and cannot serve traffic. ${revision.message ?? ''}`.trim()
        : undefined;
    const targets = resolved(state.spec.traffic);
    if (typeof targets !== 'string') {
      state.traffic = targets;
      await adjust();
    }
    const routeFailure = typeof targets === 'string' ? targets : undefined;
    const message = failure ?? routeFailure;
    const reason = failure === undefined ? 'RevisionMissing' : (revision?.reason ?? 'RevisionFailed');
    const told = (isMet: boolean, text: string | undefined): [boolean, string?, string?] =>
      isMet || text === undefined ? [isMet] : [isMet, reason, text];
    state.conditions = [
      condition('Ready', ...told(message === undefined, message)),
      condition('ConfigurationsReady', ...told(failure === undefined, failure)),
      ...(kind === 'service' ? [condition('RoutesReady', ...told(message === undefined, message))] : []),
    ];
  };

  const workload: Workload = Object.assign(state, {
    revisions,
    apply(spec: WorkloadSpec) {
      const before = state.spec;
      const isFirst = state.generation === 0;
      const isNew = isFirst || !isSameTemplate(before.template, spec.template);
      const { name: wanted } = spec.template.metadata ?? {};
      if (isNew && wanted !== undefined && revisions.has(wanted)) {
        const message = `Revision named '${wanted}' with different configuration already exists.`;
        throw new GoogleError('ALREADY_EXISTS', message);
      }
      state.spec = spec;
      state.generation += 1;
      const generation = state.generation;
      const revision = isNew ? makeRevision(spec.template) : undefined;
      state.observedGeneration = generation;
      state.conditions = ['Ready', 'ConfigurationsReady', ...(kind === 'service' ? ['RoutesReady'] : [])].map((type) =>
        condition(type, undefined, 'Deploying', 'Deploying Revision.'),
      );
      state.settled = state.settled.then(async () => await reconcile(generation, revision));
      world.background(state.settled);
    },
    async deleteRevision(revisionName: string) {
      const revision = revisions.get(revisionName);
      revisions.delete(revisionName);
      await revision?.kill();
    },
    async kill() {
      isKilled = true;
      await Promise.all([...revisions.values()].map(async (revision) => await revision.kill()));
    },
  });
  world.onStop(async () => await workload.kill());
  return workload;
}

/** Clients write their name and version into the annotations: that makes no revision. */
const clientAnnotation = /^(?:run\.googleapis\.com\/client-|client\.knative\.dev\/)/;

function isSameTemplate(left: RevisionTemplate, right: RevisionTemplate): boolean {
  const plain = ({ metadata = {}, spec }: RevisionTemplate): unknown => {
    const { name = '', labels = {}, annotations = {} } = metadata;
    const kept = Object.entries(annotations).filter(([key]) => !clientAnnotation.test(key));
    const ownLabels = Object.entries(labels).filter(([key]) => !clientAnnotation.test(key));
    return JSON.parse(
      JSON.stringify({ name, spec, labels: Object.fromEntries(ownLabels), annotations: Object.fromEntries(kept) }),
    );
  };
  return isDeepStrictEqual(plain(left), plain(right));
}
