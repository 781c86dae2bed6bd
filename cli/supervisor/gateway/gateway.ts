import { AgentctlError, messageOf } from '../../errors.js';
import { portOwner } from '../../tools/process/index.js';
import type { Destination } from './destination.js';
import { type ProxyListener, listenAsProxy } from './proxy-listener.js';
import type { Release } from '../release/release.js';
import { type RouteTable, createRouteTable, routeOf } from './route-table.js';
import type { SupervisorContext } from '../supervisor-context.js';

const reopenMilliseconds = 2000;

/** The public entrance and one internal entrance per service. All of them lead to the release that is serving. */
export class Gateway {
  readonly #context: SupervisorContext;
  /** Newest first. */
  readonly #releases: () => readonly Release[];
  readonly #services = new Map<string, Promise<ProxyListener>>();
  #public: ProxyListener | undefined;
  #serving: { readonly release: Release; readonly routes: RouteTable } | undefined;
  #turn = 0;
  #isClosed = false;

  constructor(context: SupervisorContext, releases: () => readonly Release[]) {
    this.#context = context;
    this.#releases = releases;
  }

  get serving(): Release | undefined {
    return this.#serving?.release;
  }

  /** Null until it listens. */
  get url(): string | null {
    return this.#public === undefined ? null : `http://127.0.0.1:${this.#public.port}`;
  }

  /** From the next request on, everything goes to this release. Requests that are open stay where they are. */
  switchTo(release: Release | undefined): void {
    this.#serving =
      release === undefined ? undefined : { release, routes: createRouteTable(release.manifest.services) };
  }

  /**
   * Opens the public entrance; on another port than before only if one is asked for.
   *
   * @throws AgentctlError PortTaken, EnvironmentNotReady
   */
  async open(wantedPort: number | undefined): Promise<void> {
    const { store, ports } = this.#context;
    const port = wantedPort ?? store.current.gateway.port ?? (await ports.allocate());
    if (this.#public?.port === port) return;
    const opened = await this.#listen(port, (path) => this.#publicDestination(path));
    const before = this.#public;
    this.#public = opened;
    ports.hold(port);
    store.update({ gateway: { ...store.current.gateway, port } });
    before?.retire();
  }

  /** Opens the public entrance on the port it had in an earlier life, and tries on and on if that is taken now. */
  async reopen(): Promise<void> {
    if (this.#context.store.current.gateway.port === null) return;
    try {
      await this.open(undefined);
    } catch (error) {
      setTimeout(() => void this.#reopenLater(), reopenMilliseconds).unref();
      throw error;
    }
  }

  /** Opens the internal entrance of a service, on the port it had before if that is free. Its URL then stays the same. */
  async openService(service: string): Promise<void> {
    const existing = this.#services.get(service);
    if (existing !== undefined) {
      await existing;
      return;
    }
    const opening = this.#openService(service);
    this.#services.set(service, opening);
    try {
      await opening;
    } catch (error) {
      this.#services.delete(service);
      throw error;
    }
  }

  /** Cuts every connection. Resolves when all ports are free. */
  async close(): Promise<void> {
    this.#isClosed = true;
    const services = await Promise.allSettled(this.#services.values());
    const listeners = services.flatMap((result) => (result.status === 'fulfilled' ? [result.value] : []));
    this.#services.clear();
    const all = this.#public === undefined ? listeners : [this.#public, ...listeners];
    this.#public = undefined;
    await Promise.all(all.map((listener) => listener.close()));
  }

  async #reopenLater(): Promise<void> {
    if (this.#isClosed || this.#public !== undefined) return;
    await this.reopen().catch((error: unknown) => this.#context.note(messageOf(error)));
  }

  async #openService(service: string): Promise<ProxyListener> {
    const { store, ports, note } = this.#context;
    const destination = (): Destination => this.#serviceDestination(service);
    const host = store.current.usesContainers ? (await this.#context.containers.ready()).listenAddress : undefined;
    const kept = store.current.gateway.services[service];
    if (kept !== undefined) {
      try {
        const listener = await this.#listen(kept, destination, host);
        ports.hold(kept);
        return listener;
      } catch (error) {
        note(`service ${service} gets another internal port: ${messageOf(error)}`);
      }
    }
    const port = await ports.allocate();
    const listener = await this.#listen(port, destination, host);
    const { gateway } = store.current;
    store.update({ gateway: { ...gateway, services: { ...gateway.services, [service]: port } } });
    return listener;
  }

  #publicDestination(path: string): Destination {
    if (this.#serving === undefined) return refused(503, 'no release is serving yet', null);
    const { release, routes } = this.#serving;
    const service = routeOf(routes, path);
    if (service === undefined) return refused(404, `no service has a route for ${path}`, release.id);
    return this.#replicas(release, service);
  }

  /** While a release starts for the first time, its services can reach only each other. */
  #serviceDestination(service: string): Destination {
    const serving = this.#serving?.release;
    const release = serving?.hasService(service) === true ? serving : this.#newestWith(service);
    return release === undefined
      ? refused(503, `no release has the service ${service}`, null)
      : this.#replicas(release, service);
  }

  #newestWith(service: string): Release | undefined {
    return this.#releases().find(
      (release) => (release.state === 'starting' || release.state === 'ready') && release.hasService(service),
    );
  }

  #replicas(release: Release, service: string): Destination {
    this.#turn += 1;
    // What serves is starting only when an earlier supervisor has died.
    const isComingBack = (): boolean => !this.#isClosed && this.serving === release && release.state === 'starting';
    const replicas = release.replicasOf(service);
    return { kind: 'replicas', release: release.id, service, replicas, turn: this.#turn, isComingBack };
  }

  async #listen(port: number, destinationOf: (path: string) => Destination, host?: string): Promise<ProxyListener> {
    try {
      return await listenAsProxy(port, destinationOf, host);
    } catch (cause) {
      const code = cause instanceof Error && 'code' in cause ? cause.code : undefined;
      if (code !== 'EADDRINUSE') {
        throw new AgentctlError('EnvironmentNotReady', `cannot listen on port ${port}: ${messageOf(cause)}`, {
          fix: 'Choose another port under `clouds.local.port` (1024 or above).',
          cause,
        });
      }
      const owner = portOwner(port);
      throw new AgentctlError('PortTaken', `port ${port} is taken${owner === undefined ? '' : ` by ${owner}`}`, {
        fix: `Stop what listens on port ${port}, or choose another port under \`clouds.local.port\`, and deploy again.`,
        cause,
      });
    }
  }
}

function refused(statusCode: 404 | 503, message: string, release: string | null): Destination {
  return { kind: 'refused', statusCode, message, release };
}
