import type { Upstream } from '../../../cloud/http/forward-request.js';
import { loopbackAddresses } from '../../../cloud/processes/loopback-addresses.js';
import type { RunningContainer } from '../../../cloud/processes/container-run.js';
import { startProcessContainer } from '../../../cloud/processes/process-container.js';
import type { FakeWorld } from '../../fake-world.js';
import { gcpTiming } from '../../gcp-timing.js';
import { type LogSource, logStore } from '../logging/log-store.js';
import { imageRegistry } from '../registry/image-registry.js';
import { runNames } from './run-names.js';
import { type Container, dependenciesOf, type RevisionTemplate } from './knative.js';
import { probeContainer } from './probe-container.js';
import { readVariables } from './variables.js';

/** Containers with one address: an instance of a revision, or a task of a job. */
export interface Instance extends Upstream {
  readonly id: string;
  /** Of the container of the application. */
  readonly imageDigest: string;
  /** The exit code of the container of the application, when nothing is left of it. */
  readonly ended: Promise<number>;
  hasEnded: boolean;
  /** SIGTERM, and SIGKILL after ten seconds; resolves when all its containers are gone. */
  stop(graceSeconds?: number): Promise<void>;
}

export interface StartInstanceOptions {
  readonly template: RevisionTemplate;
  /** Of the runtime: `K_SERVICE`, `CLOUD_RUN_TASK_INDEX`. */
  readonly environment: Readonly<Record<string, string>>;
  readonly log: LogSource;
  /** Whether something has to listen before it counts as started, also without a probe. */
  readonly needsPort: boolean;
}

/** What came of starting one; a reason is what Cloud Run would say of it. */
export type InstanceStart =
  { readonly kind: 'started'; readonly instance: Instance } | { readonly kind: 'failed'; readonly reason: string };

const usualPort = 8080;

/** Starts the containers in the order of their dependencies, each when the probes of those before have passed. */
export async function startInstance(world: FakeWorld, options: StartInstanceOptions): Promise<InstanceStart> {
  const { template, log } = options;
  const timing = world.state(gcpTiming);
  const id = world.newId(32);
  const address = world.state(loopbackAddresses).allocate();
  const { puller } = await world.state(imageRegistry);
  const main = mainContainer(template);
  const port = main.ports?.[0]?.containerPort ?? usualPort;
  // Containers of an instance share one network: where a sidecar listens, its probe knows.
  const ports = template.spec.containers.flatMap(({ startupProbe }) => startupProbe?.tcpSocket?.port ?? []);
  const running = new Map<Container, RunningContainer>();
  const stop = async (graceSeconds = timing.stopGraceSeconds): Promise<void> => {
    await Promise.all([...running.values()].map(async (container) => await container.stop(graceSeconds)));
  };
  const fail = async (reason: string): Promise<InstanceStart> => {
    await stop(0);
    return { kind: 'failed', reason };
  };
  for (const container of inOrder(template)) {
    const isMain = container === main;
    const variables = readVariables(world, container.env ?? [], template.spec);
    if (variables.kind === 'failed') return await fail(variables.reason);
    const writer = world.state(logStore).open({
      resource: log.resource,
      labels: { ...log.labels, instanceId: id, container_name: container.name ?? '' },
    });
    const surroundings = { puller, directory: world.directory, names: world.state(runNames).file };
    const start = await startProcessContainer(surroundings, {
      taskId: id,
      name: container.name ?? 'app',
      address,
      image: container.image,
      // Container runtime contract: `command` is the entrypoint, `args` what follows it.
      entrypoint: container.command,
      command: container.args,
      workingDirectory: container.workingDir,
      environment: {
        ...options.environment,
        ...(isMain && options.needsPort ? { PORT: String(port) } : {}),
        ...(ports.length === 0 ? {} : { FAKE_TASK_PORTS: ports.join(',') }),
        ...variables.values,
      },
      user: undefined,
      readonlyRootFilesystem: false,
      writable: [],
      hasInit: false,
      onOutput: writer.write,
    });
    if (start.kind === 'failed') {
      const reason =
        start.cause === 'image'
          ? `Image '${container.image}' not found.`
          : `Application failed to start: ${start.reason}`;
      return await fail(reason);
    }
    running.set(container, start.container);
    void start.container.ended.then(writer.close);
    const probe = container.startupProbe ?? (isMain && options.needsPort ? { tcpSocket: { port } } : undefined);
    if (probe === undefined) continue;
    const failure = await startupFailure(world, { probe, address, port, container: start.container });
    if (failure !== undefined) return await fail(failure);
  }
  const app = running.get(main);
  if (app === undefined) return await fail('no container');
  const instance: Instance = {
    id,
    host: address,
    port,
    inFlight: 0,
    imageDigest: app.imageDigest,
    ended: app.ended,
    hasEnded: false,
    stop,
  };
  void app.ended.then(() => (instance.hasEnded = true));
  return { kind: 'started', instance };
}

/** The one with a port, which requests go to; the first, when none has. */
export function mainContainer({ spec }: RevisionTemplate): Container {
  const found = spec.containers.find(({ ports }) => ports !== undefined && ports.length > 0) ?? spec.containers[0];
  if (found === undefined) throw new Error('a template without containers');
  return found;
}

interface Startup {
  readonly probe: NonNullable<Container['startupProbe']>;
  readonly address: string;
  readonly port: number;
  readonly container: RunningContainer;
}

async function startupFailure(
  world: FakeWorld,
  { probe, address, port, container }: Startup,
): Promise<string | undefined> {
  const { probeMilliseconds, longestStartupSeconds } = world.state(gcpTiming);
  const seconds = (probe.initialDelaySeconds ?? 0) + (probe.periodSeconds ?? 10) * (probe.failureThreshold ?? 24);
  const deadline = performance.now() + Math.min(seconds, longestStartupSeconds) * 1000;
  let exitCode: number | undefined;
  void container.ended.then((code) => (exitCode = code));
  const text = `The user-provided container failed to start and listen on the port defined provided by the PORT=${port} environment variable within the allocated timeout. This can happen when the container port is misconfigured or if the timeout is too short. The health check timeout can be extended. Logs for this revision might contain more information.`;
  for (;;) {
    if (await probeContainer(probe, address, port)) return undefined;
    if (exitCode !== undefined) return `${text} Container called exit(${exitCode}).`;
    if (performance.now() > deadline) return text;
    await new Promise((resolve) => setTimeout(resolve, probeMilliseconds));
  }
}

function inOrder(template: RevisionTemplate): readonly Container[] {
  const dependencies = dependenciesOf(template);
  const ordered: Container[] = [];
  const visit = (container: Container, path: readonly Container[]): void => {
    if (ordered.includes(container) || path.includes(container)) return;
    for (const name of dependencies[container.name ?? ''] ?? []) {
      const other = template.spec.containers.find((each) => each.name === name);
      if (other !== undefined) visit(other, [...path, container]);
    }
    ordered.push(container);
  };
  for (const container of template.spec.containers) visit(container, []);
  return ordered;
}
