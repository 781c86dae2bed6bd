import type { FakeWorld } from '../../fake-world.js';
import { gcpTiming } from '../../gcp-timing.js';
import { imageRegistry } from '../registry/image-registry.js';
import { type Instance, type InstanceStart, mainContainer, startInstance } from './instance.js';
import type { RevisionTemplate } from './knative.js';
import { probeContainer } from './probe-container.js';

/** `service` answers requests; `worker-pool` only runs. */
export type WorkloadKind = 'service' | 'worker-pool';

/** A revision: what it was made from never changes. */
export interface Revision {
  readonly name: string;
  readonly workload: string;
  readonly kind: WorkloadKind;
  readonly uid: string;
  readonly createdAt: Date;
  readonly template: RevisionTemplate;
  /** Undefined until it is known. */
  isReady: boolean | undefined;
  reason: string | undefined;
  message: string | undefined;
  /** `host/…@sha256:…`, what the reference of its image stood for when it was made. */
  imageDigest: string | undefined;
  readonly instances: ReadonlySet<Instance>;
  /** Starts the first instance; resolves when the revision is ready or has failed. */
  check(): Promise<void>;
  /** Has so many instances run from now on; resolves when they do. What ends by itself is started again. */
  keep(count: number): Promise<void>;
  /** The instance with the fewest requests; starts one when there is none. */
  choose(): Promise<Instance | undefined>;
  kill(): Promise<void>;
}

export interface RevisionOptions {
  readonly name: string;
  readonly workload: string;
  readonly kind: WorkloadKind;
  readonly template: RevisionTemplate;
}

export function createRevision(world: FakeWorld, options: RevisionOptions): Revision {
  const { name, workload, kind, template } = options;
  const timing = world.state(gcpTiming);
  const instances = new Set<Instance>();
  let wanted = 0;
  let isKilled = false;
  let starting: Promise<Instance | undefined> | undefined;

  const begin = async (): Promise<InstanceStart> => {
    const type = kind === 'service' ? 'cloud_run_revision' : 'cloud_run_worker_pool';
    const own: Record<string, string> =
      kind === 'service' ? { service_name: workload, configuration_name: workload } : { worker_pool_name: workload };
    const started = await startInstance(world, {
      template,
      needsPort: kind === 'service',
      environment:
        kind === 'service'
          ? { K_SERVICE: workload, K_REVISION: name, K_CONFIGURATION: workload }
          : { CLOUD_RUN_WORKER_POOL: workload, CLOUD_RUN_WORKER_POOL_REVISION: name },
      log: {
        resource: {
          type,
          labels: { project_id: world.project, location: world.region, revision_name: name, ...own },
        },
        labels: {},
      },
    });
    if (started.kind === 'failed') return started;
    const { instance } = started;
    if (isKilled) await instance.stop(0);
    instances.add(instance);
    watch(instance);
    void instance.ended.then(() => {
      instances.delete(instance);
      if (!isKilled && instances.size < wanted) world.background(refill());
    });
    return started;
  };
  /** Cloud Run starts what ends by itself again, more slowly each time. */
  const refill = async (): Promise<void> => {
    await new Promise((resolve) => setTimeout(resolve, timing.probeMilliseconds));
    while (!isKilled && instances.size < wanted) {
      if ((await begin()).kind === 'failed')
        await new Promise((resolve) => setTimeout(resolve, timing.probeMilliseconds * 10));
    }
  };
  const watch = (instance: Instance): void => {
    const probe = mainContainer(template).livenessProbe;
    if (probe === undefined) return;
    let failures = 0;
    const check = async (): Promise<void> => {
      if (instance.hasEnded || isKilled) return;
      failures = (await probeContainer(probe, instance.host, instance.port)) ? 0 : failures + 1;
      if (failures >= (probe.failureThreshold ?? 3)) return await instance.stop();
      setTimeout(() => void check(), timing.probeMilliseconds * 4).unref();
    };
    void check();
  };
  /** Takes no more requests; stopped when it has answered those it has. */
  const drain = async (instance: Instance): Promise<void> => {
    instances.delete(instance);
    while (instance.inFlight > 0 && !isKilled && !instance.hasEnded) {
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
    await instance.stop();
  };

  const revision: Revision = {
    name,
    workload,
    kind,
    uid: world.newId(32),
    createdAt: new Date(),
    template,
    isReady: undefined,
    reason: undefined,
    message: undefined,
    imageDigest: undefined,
    instances,
    async check() {
      const { image } = mainContainer(template);
      const { puller } = await world.state(imageRegistry);
      const digest = puller.digestOf(image);
      const reference = image.split('@')[0] ?? image;
      revision.imageDigest = digest === undefined ? undefined : `${reference.replace(/:[^/:]+$/, '')}@${digest}`;
      const started = await begin();
      revision.isReady = started.kind === 'started';
      if (started.kind === 'failed') {
        revision.reason = started.reason.startsWith('Image ') ? 'ContainerMissing' : 'HealthCheckContainerError';
        revision.message = started.reason;
      }
    },
    async keep(count) {
      wanted = count;
      const surplus = [...instances].slice(count);
      for (const instance of surplus) world.background(drain(instance));
      while (!isKilled && instances.size < wanted) {
        const started = await begin();
        if (started.kind === 'failed') {
          // It has started before: what keeps it now may pass.
          world.background(refill());
          return;
        }
      }
    },
    async choose() {
      const found = [...instances].filter(({ hasEnded }) => !hasEnded).sort((a, b) => a.inFlight - b.inFlight)[0];
      if (found !== undefined || isKilled || revision.isReady !== true) return found;
      starting ??= begin()
        .then((started) => (started.kind === 'started' ? started.instance : undefined))
        .finally(() => (starting = undefined));
      return await starting;
    },
    async kill() {
      isKilled = true;
      await Promise.all([...instances].map(async (instance) => await instance.stop(0)));
    },
  };
  return revision;
}
