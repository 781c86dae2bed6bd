import { setTimeout as sleep } from 'node:timers/promises';
import { isDeepStrictEqual } from 'node:util';
import { AgentctlError } from '../../errors.js';
import { containerCommands } from '../../tools/containers/index.js';
import type { RunningProcess } from '../../tools/process/index.js';
import { serverSpec } from '../containers/server-spec.js';
import { endpointsForContainer } from '../release/endpoints.js';
import { resolved } from '../release/prepare-launch.js';
import type { ServerName, ServerRequest, ServerStatus } from '../protocol.js';
import { type GeneratedSecret, ensureGenerated } from '../secret-store.js';
import { createSerialQueue } from '../serial-queue.js';
import { type SupervisorContext, trackProcess } from '../supervisor-context.js';
import { KeptProcess } from './kept-process.js';

const pollMilliseconds = 250;

/** Passwords that the servers are started with. */
const passwords: readonly GeneratedSecret[] = ['redis.password', 'queue.password'];

/** Keeps the servers beside PostgreSQL running that are containers: cache, queue, search, pooler, Temporal. */
export class ServerKeeper {
  readonly #context: SupervisorContext;
  readonly #kept = new Map<ServerName, KeptProcess>();
  readonly #inOrder = createSerialQueue();

  constructor(context: SupervisorContext) {
    this.#context = context;
  }

  /**
   * Starts a server unless it runs as it is asked for.
   *
   * @throws AgentctlError EnvironmentNotReady, ToolMissing, TimedOut: it does not start; it is tried on and on
   */
  put(request: ServerRequest): Promise<ServerStatus> {
    return this.#inOrder(async () => {
      const { store } = this.#context;
      const { name } = request;
      const before = store.current.servers.find((server) => server.name === name);
      const kept = this.#kept.get(name);
      if (kept?.state !== 'running' || !isDeepStrictEqual(before, request)) {
        await this.#stop(name);
        const others = store.current.servers.filter((server) => server.name !== name);
        store.update({ servers: [...others, request] });
        await this.#launch(request);
      }
      return this.#statusOf(request);
    });
  }

  /** Starts what ran in an earlier life. Throws what the first attempt of one threw, and goes on trying. */
  async resume(): Promise<void> {
    await Promise.all(this.#context.store.current.servers.map((request) => this.#launch(request)));
  }

  statuses(): ServerStatus[] {
    return this.#context.store.current.servers.map((request) => this.#statusOf(request));
  }

  async stop(): Promise<void> {
    await Promise.all([...this.#kept.keys()].map((name) => this.#stop(name)));
  }

  async #stop(name: ServerName): Promise<void> {
    await this.#kept.get(name)?.stop();
    this.#kept.delete(name);
  }

  async #launch(request: ServerRequest): Promise<void> {
    const kept = new KeptProcess({
      name: request.name,
      start: () => this.#start(request),
      stop: async (server) => await stopServer(server, request.container),
      note: this.#context.note,
    });
    this.#kept.set(request.name, kept);
    await kept.start();
  }

  async #start({ name, container }: ServerRequest): Promise<RunningProcess> {
    const context = this.#context;
    ensureGenerated(context.layout.directory, passwords);
    const { hostFromContainers } = await context.containers.ready();
    const endpoints = endpointsForContainer(context.store.current, hostFromContainers);
    const { command, env } = resolved(context, container, endpoints, { release: undefined });
    const log = context.logs.open({ service: name, replica: name, release: '-' });
    const volume = context.containers.volumeName(name);
    const server = await context.containers.start(serverSpec(name, container, { command, env }, volume), {
      onOutput: (stream, chunk) => log.write(stream, chunk),
    });
    trackProcess(context, name, server);
    void server.ended.then(() => log.end());
    if (await this.#isReadyInTime(name, container, server)) return server;
    await stopServer(server, container);
    throw new AgentctlError('EnvironmentNotReady', `${name} was not ready within ${container.readyWithinSeconds} s`, {
      fix: `Read logs/${name}/${name}.log in the state directory.`,
      detail: log.tail().slice(-10).join('\n'),
    });
  }

  async #isReadyInTime(
    name: ServerName,
    { readyCommand, readyWithinSeconds }: ServerRequest['container'],
    server: RunningProcess,
  ): Promise<boolean> {
    const { containers } = this.#context;
    const ended = new AbortController();
    void server.ended.then(() => ended.abort());
    const deadline = performance.now() + readyWithinSeconds * 1000;
    while (!ended.signal.aborted && performance.now() < deadline) {
      const isReady = await containers.run(containerCommands.exec(containers.serverName(name), readyCommand)).then(
        () => true,
        () => false,
      );
      if (isReady) return true;
      await sleep(pollMilliseconds);
    }
    return false;
  }

  #statusOf({ name, port, container: { image } }: ServerRequest): ServerStatus {
    const kept = this.#kept.get(name);
    return { name, image, port, state: kept?.state ?? 'down', restarts: kept?.restarts ?? 0 };
  }
}

async function stopServer(
  server: RunningProcess,
  { stopGraceSeconds, stopSignal }: ServerRequest['container'],
): Promise<void> {
  await server.stop({ graceSeconds: stopGraceSeconds, ...(stopSignal === undefined ? {} : { signal: stopSignal }) });
}
