import { isAgentctlError, messageOf } from '../../errors.js';
import { loopbackCommand } from './loopback-command.js';
import type { ResolvedLaunch } from './resolve-launch.js';
import type { ReleaseManifest, ReleaseStatus, ServiceManifest } from '../protocol.js';
import { type LaunchedReplica, Replica, type ReplicaTrouble } from './replica.js';
import { prepareLaunch } from './prepare-launch.js';
import { startWorkload } from './start-workload.js';
import { type SupervisorContext, trackProcess } from '../supervisor-context.js';

/** How a release is to be run. */
export interface ReleaseOptions {
  readonly manifest: ReleaseManifest;
  readonly context: SupervisorContext;
  /** Never gives up, whatever its replicas do: for a release that was serving before this supervisor started. */
  readonly isPersistent: boolean;
  readonly onStateChange: (release: Release) => void;
}

/** Ends allowed while a release starts: the second shows that it was no accident. */
const endsUntilFailure = 2;

/** All replicas of one release. */
export class Release {
  readonly manifest: ReleaseManifest;
  readonly #options: ReleaseOptions;
  readonly #replicas: ReadonlyMap<string, readonly Replica[]>;
  #state: ReleaseStatus['state'] = 'starting';
  #problem: ReleaseStatus['problem'];
  #ended: Promise<void> | undefined;

  constructor(options: ReleaseOptions) {
    this.manifest = options.manifest;
    this.#options = options;
    this.#replicas = new Map(options.manifest.services.map((service) => [service.name, this.#replicasFor(service)]));
  }

  get id(): string {
    return this.manifest.id;
  }

  get state(): ReleaseStatus['state'] {
    return this.#state;
  }

  /** Empty for a service it does not have. */
  replicasOf(service: string): readonly Replica[] {
    return this.#replicas.get(service) ?? [];
  }

  hasService(service: string): boolean {
    return this.#replicas.has(service);
  }

  /**
   * Starts every replica.
   *
   * @throws AgentctlError what no replica could be started with, such as SecretMissing
   */
  async start(): Promise<void> {
    if (!this.#options.isPersistent)
      for (const service of this.manifest.services) await this.#prepare(service, undefined);
    for (const replica of this.#all()) replica.start();
  }

  /** Lets every replica finish what it has and ends it. Returns at once. */
  drain(): void {
    if (this.#ended !== undefined) return;
    this.#become('draining');
    const drainSeconds = new Map(this.manifest.services.map((service) => [service.name, service.drainSeconds]));
    this.#end(
      [...this.#replicas].flatMap(([service, replicas]) =>
        replicas.map((replica) => replica.retire(drainSeconds.get(service) ?? 0)),
      ),
    );
  }

  /** Ends every replica now, also of a release that is being drained. Resolves when they are gone. */
  async stop(): Promise<void> {
    await Promise.all(this.#all().map((replica) => replica.stop()));
    await this.#ended;
    if (this.#state !== 'failed') this.#become('stopped');
  }

  status(isServing: boolean): ReleaseStatus {
    return {
      id: this.id,
      state: this.#state,
      serving: isServing,
      services: this.manifest.services.map((service) => ({
        name: service.name,
        desired: service.replicas,
        replicas: this.replicasOf(service.name).map((replica) => replica.status()),
      })),
      ...(this.#problem === undefined ? {} : { problem: this.#problem }),
    };
  }

  #all(): readonly Replica[] {
    return [...this.#replicas.values()].flat();
  }

  #end(endings: readonly Promise<void>[]): void {
    this.#ended = Promise.all(endings)
      .then(() => {
        if (this.#state === 'draining') this.#become('stopped');
      })
      .catch((error: unknown) => this.#options.context.note(`release ${this.id}: ${messageOf(error)}`));
  }

  #replicasFor(service: ServiceManifest): readonly Replica[] {
    return Array.from({ length: service.replicas }, (_, index) => {
      const name = `${service.name}.${index + 1}`;
      const replica: Replica = new Replica({
        name,
        readinessPath: service.health.readiness,
        startupTimeoutSeconds: service.health.startupTimeoutSeconds,
        liveness: service.health.liveness,
        // It has shown what it can in its earlier life, and nothing else could answer meanwhile.
        ...(this.#options.isPersistent ? { passesNeeded: 1 } : {}),
        launch: () => this.#launch(service, name),
        onChange: () => this.#becomeReadyIfAllAre(),
        onTrouble: (trouble) => this.#onTrouble(service.name, replica, trouble),
      });
      return replica;
    });
  }

  async #launch(service: ServiceManifest, name: string): Promise<LaunchedReplica> {
    const { context } = this.#options;
    const port = service.port === undefined ? null : await context.ports.allocate();
    const log = context.logs.open({ service: service.name, replica: name, release: this.id });
    try {
      const { artifact, container } = service;
      const prepared = await this.#prepare(service, port ?? undefined);
      const publish =
        port === null || service.port === undefined ? {} : { publish: { hostPort: port, containerPort: service.port } };
      const child = await startWorkload(
        context,
        { label: `${this.id}/${name}`, artifact, container, ...publish, ...prepared, stdin: false },
        { onOutput: (stream, chunk) => log.write(stream, chunk) },
      );
      trackProcess(context, `${this.id}/${name}`, child);
      void child.ended.then(async () => {
        if (port !== null) context.ports.release(port);
        await log.end();
      });
      context.note(`${this.id}/${name} started as pid ${child.identity.pid}${port === null ? '' : ` on port ${port}`}`);
      return { process: child, port, containerPort: 'image' in artifact ? (service.port ?? null) : null, log };
    } catch (error) {
      if (port !== null) context.ports.release(port);
      await log.end();
      throw error;
    }
  }

  async #prepare(service: ServiceManifest, port: number | undefined): Promise<Pick<ResolvedLaunch, 'command' | 'env'>> {
    const isContainer = 'image' in service.artifact;
    // A container listens on the declared port. Before one is chosen for a process the declared one stands in, to find
    // out whether everything else can be resolved.
    const given = isContainer ? service.port : (port ?? service.port);
    const about = { release: this.id, ...(given === undefined ? {} : { port: given }) };
    const { command, env } = await prepareLaunch(this.#options.context, service, about);
    if (isContainer) return { command, env: { ...env, ...(given === undefined ? {} : { PORT: String(given) }) } };
    const ports = service.port === undefined || given === undefined ? undefined : { declared: service.port, given };
    return {
      command: loopbackCommand(command, ports),
      env: { ...env, ...(given === undefined ? {} : { PORT: String(given), HOST: '127.0.0.1' }) },
    };
  }

  #onTrouble(service: string, replica: Replica, trouble: ReplicaTrouble): void {
    const reason = describeTrouble(replica.name, trouble);
    this.#options.context.note(`${this.id}/${reason}`);
    if (this.#state !== 'starting' || this.#options.isPersistent) return;
    if (trouble.kind === 'ended' && trouble.times < endsUntilFailure) return;
    this.#problem = { service, reason: this.#options.context.logs.redact(reason), logTail: [...replica.logTail()] };
    this.#become('failed');
    this.#end(this.#all().map((other) => other.stop()));
  }

  #becomeReadyIfAllAre(): void {
    if (this.#state === 'starting' && this.#all().every((replica) => replica.state === 'ready')) this.#become('ready');
  }

  #become(state: ReleaseStatus['state']): void {
    if (this.#state === state) return;
    this.#state = state;
    this.#options.onStateChange(this);
  }
}

function describeTrouble(name: string, trouble: ReplicaTrouble): string {
  switch (trouble.kind) {
    case 'not-started': {
      const fix = isAgentctlError(trouble.error) ? ` (${trouble.error.fix})` : '';
      return `${name} could not start: ${messageOf(trouble.error)}${fix}`;
    }
    case 'ended': {
      const how =
        trouble.end.signal === null ? `exited with code ${trouble.end.exitCode}` : `was ended by ${trouble.end.signal}`;
      return `${name} ${how}${timesText(trouble.times)}`;
    }
    case 'not-ready':
      return trouble.reason;
  }
}

function timesText(times: number): string {
  if (times < 2) return '';
  return times === 2 ? ' two times' : ` ${times} times`;
}
