import { randomBytes } from 'node:crypto';
import { createServer } from 'node:net';
import { type ContainerSpec, containerCommands, startContainer } from '../../tools/containers/index.js';
import { type ContainerEngine, findEngine, runEngine } from '../../tools/engine/index.js';
import type { OutputSinks, RunningProcess } from '../../tools/process/index.js';
import type { StateLayout } from '../state-layout.js';
import { parseNetworkGateway } from './network-gateway.js';
import { labelOf, removeContainers, stageLabel } from './stage-containers.js';
import { rememberVolume } from './volume-file.js';

/** How often it is tried to remove a container while the engine does not answer. */
const removalMilliseconds = 5_000;

export interface ContainerHostOptions {
  readonly layout: Pick<StateLayout, 'key' | 'volumesFile'>;
  /** Of the supervisor: where the engine is, and how to talk to it. */
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly note: (text: string) => void;
  /** Whether an earlier supervisor may have left containers. They are ended before the first of this one is started. */
  readonly hasLeftovers: boolean;
  /** Called when the first container is about to be needed. */
  readonly onUse: () => void;
}

/** A container of the stage, without what all of them share. */
export type StageContainer = Omit<ContainerSpec, 'name' | 'network' | 'labels'> & {
  /** `postgres`, `r7/api.1`, `task:migrate-7`: what it is, once per stage. */
  readonly label: string;
};

/** The engine and the network of a stage. */
interface ReadyHost {
  readonly engine: ContainerEngine;
  /** How containers reach what listens on {@link ReadyHost.listenAddress}. */
  readonly hostFromContainers: string;
  /** Where this process has to listen to be reached from containers, besides 127.0.0.1. */
  readonly listenAddress: string;
}

/** Runs the containers of one stage, in a network of their own. The engine is looked for when the first one is needed. */
export class ContainerHost {
  readonly #options: ContainerHostOptions;
  readonly #prefix: string;
  readonly #label: string;
  #ready: Promise<ReadyHost> | undefined;
  #isCleared = false;

  constructor(options: ContainerHostOptions) {
    this.#options = options;
    this.#prefix = `agentctl-${options.layout.key.slice(0, 8)}`;
    this.#label = labelOf(options.layout);
  }

  /**
   * The engine, with the network of the stage.
   *
   * @throws AgentctlError ToolMissing, EnvironmentNotReady; asked again, it is looked for again
   */
  ready(): Promise<ReadyHost> {
    this.#ready ??= this.#prepare().catch((error: unknown) => {
      this.#ready = undefined;
      throw error;
    });
    return this.#ready;
  }

  /** Throws as {@link ContainerHost.ready} and `startContainer` do. */
  async start({ label, ...container }: StageContainer, sinks: OutputSinks): Promise<RunningProcess> {
    const { engine } = await this.ready();
    for (const volume of Object.values(container.volumes)) {
      rememberVolume(this.#options.layout, volume);
      await this.run(containerCommands.createVolume(volume, this.#label));
    }
    const spec: ContainerSpec = {
      ...container,
      name: this.#containerName(label),
      network: this.#prefix,
      labels: { [stageLabel]: this.#options.layout.key, 'dev.agentctl.part': label },
    };
    return await startContainer({
      engine,
      environment: this.#options.environment,
      spec,
      onLeft: () => this.#removeLater(spec.name, label),
      ...sinks,
    });
  }

  /** Runs a command of the engine; throws as `runEngine` does. */
  async run(args: readonly string[]): Promise<string> {
    const { engine } = await this.ready();
    return await runEngine(engine, args, { environment: this.#options.environment });
  }

  /** Name of the one container of a server, which `exec` needs. */
  serverName(server: string): string {
    return `${this.#prefix}-${server}`;
  }

  /** Name of the volume that holds the data of a server. */
  volumeName(server: string): string {
    return `${this.#prefix}-${server}`;
  }

  /** The variables that the command line of the engine sees. */
  get environment(): ContainerHostOptions['environment'] {
    return this.#options.environment;
  }

  /** Removes the network, when nothing of the stage runs any more. Volumes stay. */
  async close(): Promise<void> {
    if (this.#ready === undefined) return;
    await this.run(containerCommands.removeNetwork(this.#prefix));
    this.#ready = undefined;
  }

  async #prepare(): Promise<ReadyHost> {
    const { environment, layout, note, hasLeftovers, onUse } = this.#options;
    const engine = await findEngine({ environment });
    const inEngine = async (args: readonly string[]): Promise<string> => await runEngine(engine, args, { environment });
    if (hasLeftovers && !this.#isCleared) {
      const removed = await removeContainers({ engine, environment, key: layout.key });
      if (removed.length > 0) note(`removed ${removed.join(', ')}, left behind by an earlier supervisor`);
    }
    this.#isCleared = true;
    onUse();
    const existing = linesOf(await inEngine(containerCommands.listNetworks(this.#label)));
    if (!existing.includes(this.#prefix)) await inEngine(containerCommands.createNetwork(this.#prefix, this.#label));
    const gateway = parseNetworkGateway(await inEngine(containerCommands.inspectNetwork(this.#prefix)));
    const isReachable = gateway !== undefined && (await canListen(gateway));
    note(`${engine.kind} ${engine.serverVersion} on ${engine.platform}, network ${this.#prefix}`);
    // Where the engine runs in a machine of its own (Docker Desktop), it forwards a name of ours to 127.0.0.1.
    if (isReachable) return { engine, hostFromContainers: gateway, listenAddress: gateway };
    const name = engine.kind === 'podman' ? 'host.containers.internal' : 'host.docker.internal';
    return { engine, hostFromContainers: name, listenAddress: '127.0.0.1' };
  }

  /**
   * The engine went away while a container ended: it is removed when the engine is back. The one of a server gives way
   * to the next of its name anyway.
   */
  #removeLater(name: string, label: string): void {
    if (isServer(label)) return;
    this.#options.note(`container ${name} is left until its engine answers`);
    const attempt = (): void => {
      if (this.#ready === undefined) return;
      this.run(containerCommands.remove(name)).catch(() => setTimeout(attempt, removalMilliseconds).unref());
    };
    setTimeout(attempt, removalMilliseconds).unref();
  }

  /** One name at a time for a server; a new one for every start of anything else, as the old one may still be going. */
  #containerName(label: string): string {
    if (isServer(label)) return this.serverName(label);
    return `${this.#prefix}-${label.replaceAll(/[^A-Za-z0-9_.-]/g, '-')}-${randomBytes(3).toString('hex')}`;
  }
}

/** Replicas are called `r7/api.1`, tasks `task:migrate-7`. */
function isServer(label: string): boolean {
  return !/[/:]/.test(label);
}

function linesOf(printed: string): readonly string[] {
  return printed.split('\n').filter((line) => line !== '');
}

/** Whether an address is one of this machine. */
async function canListen(address: string): Promise<boolean> {
  const server = createServer();
  return await new Promise((resolve) => {
    server.once('error', () => resolve(false));
    server.listen({ host: address, port: 0 }, () => server.close(() => resolve(true)));
  });
}
