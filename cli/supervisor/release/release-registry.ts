import { isDeepStrictEqual } from 'node:util';
import { AgentctlError, messageOf } from '../../errors.js';
import type { Gateway } from '../gateway/gateway.js';
import type { ReleaseManifest, ReleaseStatus, TrafficAnswer, TrafficRequest } from '../protocol.js';
import { Release } from './release.js';
import { servicesReferredTo } from './resolve-launch.js';
import { type Scheduler, assertSchedules } from '../tasks/scheduler.js';
import { createSerialQueue } from '../serial-queue.js';
import type { SupervisorContext } from '../supervisor-context.js';

/** Ended releases that are still told about, so that whoever drained one sees it stopped. */
const endedReleasesKept = 10;

/** What the registry needs from the rest of the supervisor. */
export interface ReleaseEnvironment {
  readonly context: SupervisorContext;
  readonly gateway: Gateway;
  readonly scheduler: Scheduler;
}

/** Every release, and which of them serves. */
export class ReleaseRegistry {
  readonly #gateway: Gateway;
  readonly #context: SupervisorContext;
  readonly #scheduler: Scheduler;
  /** Oldest first. */
  readonly #releases = new Map<string, Release>();
  /** Drained ones whose id is in use again. */
  readonly #replaced = new Set<Release>();
  readonly #inOrder = createSerialQueue();

  constructor({ context, gateway, scheduler }: ReleaseEnvironment) {
    this.#context = context;
    this.#scheduler = scheduler;
    this.#gateway = gateway;
  }

  /** Whether any release has processes, or should have. */
  get hasActive(): boolean {
    return [...this.#releases.values(), ...this.#replaced].some(
      ({ state }) => state === 'starting' || state === 'ready' || state === 'draining',
    );
  }

  /** Whether the release that served before is not ready yet. */
  get isResuming(): boolean {
    return this.#gateway.serving?.state === 'starting';
  }

  newestFirst(): readonly Release[] {
    return [...this.#releases.values()].toReversed();
  }

  statuses(): ReleaseStatus[] {
    return [...this.#releases.values()].map((release) => this.#statusOf(release));
  }

  status(id: string): ReleaseStatus | undefined {
    const release = this.#releases.get(id);
    return release === undefined ? undefined : this.#statusOf(release);
  }

  /** What a release was made from; templates, and no secret values. */
  manifest(id: string): ReleaseManifest | undefined {
    return this.#releases.get(id)?.manifest;
  }

  /**
   * Starts a release; nothing happens if the same one runs.
   *
   * @throws AgentctlError Refused: another one runs under this id; SecretMissing, SpecInvalid: it cannot be started
   */
  put(manifest: ReleaseManifest): Promise<ReleaseStatus> {
    return this.#inOrder(async () => {
      const existing = this.#releases.get(manifest.id);
      if (existing?.state === 'starting' || existing?.state === 'ready') {
        if (isDeepStrictEqual(existing.manifest, manifest)) return this.#statusOf(existing);
        throw new AgentctlError('Refused', `release ${manifest.id} runs already, with another manifest`, {
          fix: 'Give the new release an id of its own.',
        });
      }
      assertSchedules(manifest);
      if (existing?.state === 'failed') await existing.stop();
      if (manifest.services.some(({ artifact }) => 'image' in artifact)) await this.#context.containers.ready();
      await this.#openServices(manifest);
      const release = this.#create(manifest, false);
      await release.start();
      if (existing?.state === 'draining') this.#replaced.add(existing);
      this.#add(release);
      return this.#statusOf(release);
    });
  }

  /**
   * Moves all new requests to a release that is ready. The one that served before keeps running.
   *
   * @throws AgentctlError NotDeployed: no such release; Refused: it cannot take requests; PortTaken
   */
  switchTraffic(request: TrafficRequest): Promise<TrafficAnswer> {
    return this.#inOrder(async () => {
      const release = this.#known(request.release);
      assertCanServe(release);
      await this.#gateway.open(request.port);
      this.#context.store.update({ serving: release.id });
      this.#gateway.switchTo(release);
      this.#scheduler.follow(release.manifest);
      this.#context.note(`release ${release.id} is serving`);
      return { url: this.#gateway.url ?? '' };
    });
  }

  /**
   * Lets a release finish what it has. Returns at once.
   *
   * @throws AgentctlError NotDeployed: no such release; Refused: it is serving
   */
  drain(id: string): Promise<ReleaseStatus> {
    return this.#inOrder(async () => {
      const release = this.#known(id);
      this.#assertNotServing(release);
      if (release.state === 'starting' || release.state === 'ready') release.drain();
      return this.#statusOf(release);
    });
  }

  /**
   * Stops a release now and forgets it. Resolves when it is gone.
   *
   * @throws AgentctlError NotDeployed: no such release; Refused: it is serving, and `force` is not given
   */
  async delete(id: string, force: boolean): Promise<void> {
    const release = await this.#inOrder(async () => {
      const known = this.#known(id);
      if (!force) this.#assertNotServing(known);
      if (this.#gateway.serving === known) {
        this.#gateway.switchTo(undefined);
        this.#scheduler.follow(undefined);
        this.#context.store.update({ serving: null });
      }
      return known;
    });
    const sameId = [...this.#replaced].filter((other) => other.id === id);
    await Promise.all([release, ...sameId].map((other) => other.stop()));
    if (this.#releases.get(id) === release) this.#releases.delete(id);
    this.#persist();
  }

  /** Ends every process of every release. Which one was serving stays on record, for the next life. */
  async stopAll(): Promise<void> {
    await Promise.all([...this.#releases.values(), ...this.#replaced].map((release) => release.stop()));
  }

  /**
   * Takes up the release that served in an earlier life; the others are forgotten. Its entrances are opened at once, so
   * that requests can wait there for a replica; {@link ReleaseRegistry.resume} starts it.
   */
  async reopen(): Promise<void> {
    const { serving, releases } = this.#context.store.current;
    const manifest = releases.find((release) => release.manifest.id === serving)?.manifest;
    if (manifest === undefined) {
      this.#context.store.update({ serving: null, releases: [] });
      return;
    }
    const release = this.#create(manifest, true);
    this.#gateway.switchTo(release);
    this.#add(release);
    await this.#openServices(manifest);
    await this.#gateway.reopen();
  }

  /** Starts the release that was taken up. Does not wait until it is ready. */
  async resume(): Promise<void> {
    const { serving } = this.#gateway;
    if (serving === undefined) return;
    await serving.start();
    this.#scheduler.follow(serving.manifest);
  }

  async #openServices(manifest: ReleaseManifest): Promise<void> {
    const listening = manifest.services.filter((service) => service.port !== undefined).map((service) => service.name);
    const referredTo = [...manifest.services, ...manifest.schedules].flatMap((item) => servicesReferredTo(item));
    for (const service of new Set([...listening, ...referredTo])) await this.#gateway.openService(service);
  }

  #create(manifest: ReleaseManifest, isPersistent: boolean): Release {
    return new Release({
      manifest,
      context: this.#context,
      isPersistent,
      onStateChange: (release) => this.#onStateChange(release),
    });
  }

  #add(release: Release): void {
    // Set again, so that it becomes the newest.
    this.#releases.delete(release.id);
    this.#releases.set(release.id, release);
    const ended = [...this.#releases.values()].filter(
      (other) => (other.state === 'stopped' || other.state === 'failed') && other !== this.#gateway.serving,
    );
    for (const other of ended.slice(0, -endedReleasesKept)) this.#releases.delete(other.id);
    this.#persist();
  }

  #onStateChange(release: Release): void {
    this.#context.note(`release ${release.id} is ${release.state}`);
    if (release.state === 'stopped') this.#replaced.delete(release);
    try {
      this.#persist();
    } catch (error) {
      this.#context.note(`cannot record the state of release ${release.id}: ${messageOf(error)}`);
    }
  }

  #persist(): void {
    const releases = [...this.#releases.values()].map(({ manifest, state }) => ({ manifest, phase: state }));
    this.#context.store.update({ releases });
  }

  #known(id: string): Release {
    const release = this.#releases.get(id);
    if (release !== undefined) return release;
    throw new AgentctlError('NotDeployed', `the local supervisor knows no release ${id}`, {
      fix: 'Deploy again; releases that were not serving are forgotten when the supervisor restarts.',
    });
  }

  #assertNotServing(release: Release): void {
    if (this.#gateway.serving !== release) return;
    throw new AgentctlError('Refused', `release ${release.id} is serving`, {
      fix: 'Move traffic to another release first.',
    });
  }

  #statusOf(release: Release): ReleaseStatus {
    return release.status(this.#gateway.serving === release);
  }
}

function assertCanServe(release: Release): void {
  const silent = release.manifest.services.find(
    ({ name, port }) => port !== undefined && release.replicasOf(name).every((replica) => replica.state !== 'ready'),
  );
  if (release.state === 'ready' && silent === undefined) return;
  const reason =
    silent === undefined || release.state !== 'ready' ? release.state : `without a ready replica of ${silent.name}`;
  throw new AgentctlError('Refused', `release ${release.id} cannot take traffic: it is ${reason}`, {
    fix: 'Wait until the release is ready, or look at its logs.',
    retryable: true,
  });
}
