import { type ProcessEnd, type RunningProcess, describeEnd, portsOfGroup } from '../../tools/process/index.js';
import { pause } from '../pause.js';
import { backOffAfter, freshBackOff } from './back-off.js';
import type { LogSink } from '../logs/log-book.js';
import { type Liveness, untilNotAlive } from './liveness.js';
import { type ProbeResult, probe } from './probe.js';
import type { ReplicaStatus } from '../protocol.js';
import { afterProbe, notYetReady, probeTimeoutMilliseconds } from './readiness.js';

const startingProbeSeconds = 0.25;
const readyProbeSeconds = 1;
/** A worker shows no other sign of health than staying up. */
const workerUpSeconds = 1;
/** Between SIGTERM and SIGKILL. */
const stopGraceSeconds = 10;

/** One process of a replica, just started. */
export interface LaunchedReplica {
  readonly process: RunningProcess;
  readonly port: number | null;
  /** Port of a container that the other leads to; null for a process, which listens itself. */
  readonly containerPort: number | null;
  readonly log: LogSink;
}

/** Why a replica is not what it should be. */
export type ReplicaTrouble =
  | { readonly kind: 'not-started'; readonly error: unknown }
  | { readonly kind: 'ended'; readonly end: ProcessEnd; readonly times: number }
  | { readonly kind: 'not-ready'; readonly reason: string };

/** What a replica needs to know and whom it tells. */
export interface ReplicaOptions {
  /** `api.1` */
  readonly name: string;
  readonly readinessPath: string | undefined;
  readonly startupTimeoutSeconds: number;
  readonly liveness: Liveness | undefined;
  /** Passing probes in a row. @default 3 */
  readonly passesNeeded?: number;
  readonly launch: () => Promise<LaunchedReplica>;
  readonly onChange: () => void;
  /** May stop the replica; otherwise it is started again after a while. */
  readonly onTrouble: (trouble: ReplicaTrouble) => void;
}

/** Keeps one process of a service running, and knows whether it can take requests. */
export class Replica {
  readonly name: string;
  readonly #options: ReplicaOptions;
  readonly #wake = new AbortController();
  #state: ReplicaStatus['state'] = 'starting';
  #current: LaunchedReplica | undefined;
  #tail: readonly string[] = [];
  #starts = 0;
  #inFlight = 0;
  #lastExit: string | null = null;
  /** Why we ended the process that runs. */
  #notAlive: string | undefined;
  #isEnding = false;
  #whenIdle: (() => void) | undefined;
  #loop: Promise<void> | undefined;

  constructor(options: ReplicaOptions) {
    this.name = options.name;
    this.#options = options;
  }

  get state(): ReplicaStatus['state'] {
    return this.#state;
  }

  /** Null while no process runs, and for a worker. */
  get port(): number | null {
    return this.#current?.port ?? null;
  }

  get inFlight(): number {
    return this.#inFlight;
  }

  /** A request or stream begins. */
  enter(): void {
    this.#inFlight += 1;
  }

  /** A request or stream has ended. */
  leave(): void {
    this.#inFlight -= 1;
    if (this.#inFlight === 0) this.#whenIdle?.();
  }

  /** The last lines of its output. */
  logTail(): readonly string[] {
    const lines = this.#current?.log.tail() ?? [];
    return lines.length > 0 ? lines : this.#tail;
  }

  status(): ReplicaStatus {
    return {
      name: this.name,
      pid: this.#current?.process.identity.pid ?? null,
      port: this.port,
      state: this.#state,
      restarts: Math.max(0, this.#starts - 1),
      inFlight: this.#inFlight,
      lastExit: this.#lastExit,
    };
  }

  start(): void {
    this.#loop ??= this.#run();
  }

  /** Ends it now: SIGTERM, the grace, SIGKILL. Resolves when it is gone. */
  async stop(graceSeconds: number = stopGraceSeconds): Promise<void> {
    this.#isEnding = true;
    this.#wake.abort();
    this.#whenIdle?.();
    this.#become(this.#loop === undefined ? 'stopped' : 'stopping');
    await this.#current?.process.stop({ graceSeconds });
    await this.#loop;
  }

  /** Ends it when it is idle, or after `drainSeconds`. A worker is asked to end at once and may take that long. */
  async retire(drainSeconds: number): Promise<void> {
    this.#isEnding = true;
    this.#wake.abort();
    if (this.#current !== undefined && this.port === null) {
      await this.stop(drainSeconds);
      return;
    }
    await this.#idleWithin(drainSeconds);
    await this.stop();
  }

  async #idleWithin(seconds: number): Promise<void> {
    if (this.#inFlight === 0) return;
    const idle = new AbortController();
    this.#whenIdle = () => idle.abort();
    await pause(seconds, idle.signal);
  }

  async #run(): Promise<void> {
    let backOff = freshBackOff;
    while (!this.#isEnding) {
      const startedAt = performance.now();
      await this.#live();
      if (this.#isEnding) break;
      const { next, waitSeconds } = backOffAfter(backOff, (performance.now() - startedAt) / 1000);
      backOff = next;
      await pause(waitSeconds, this.#wake.signal);
    }
    this.#become('stopped');
  }

  /** One process, from start to end. */
  async #live(): Promise<void> {
    this.#starts += 1;
    this.#become('starting');
    let launched: LaunchedReplica;
    try {
      launched = await this.#options.launch();
    } catch (error) {
      this.#lastExit = 'not started';
      if (this.#isEnding) return;
      this.#become('backing-off');
      this.#options.onTrouble({ kind: 'not-started', error });
      return;
    }
    this.#current = launched;
    if (this.#isEnding) void launched.process.stop({ graceSeconds: stopGraceSeconds });
    const life = new AbortController();
    const watching =
      launched.port === null ? this.#watchWorker(life.signal) : this.#watchPort(launched, launched.port, life.signal);
    const end = await launched.process.ended;
    life.abort();
    await watching;
    this.#tail = this.logTail();
    this.#current = undefined;
    this.#lastExit = this.#notAlive ?? describeEnd(end);
    this.#notAlive = undefined;
    if (this.#isEnding) return;
    this.#become('backing-off');
    this.#options.onTrouble({ kind: 'ended', end, times: this.#starts });
  }

  async #watchWorker(life: AbortSignal): Promise<void> {
    await pause(workerUpSeconds, life);
    if (!life.aborted) this.#become('ready');
  }

  async #watchPort(launched: LaunchedReplica, port: number, life: AbortSignal): Promise<void> {
    const deadline = performance.now() + this.#options.startupTimeoutSeconds * 1000;
    let readiness = notYetReady;
    let hasBeenReady = false;
    while (!life.aborted) {
      const timeoutMilliseconds = probeTimeoutMilliseconds(readiness);
      const isForwarded = launched.containerPort !== null;
      const result = await probe({ port, path: this.#options.readinessPath, timeoutMilliseconds, isForwarded });
      if (life.aborted) return;
      readiness = afterProbe(readiness, result.kind === 'passed', this.#options.passesNeeded);
      if (readiness.isReady && !hasBeenReady) void this.#watchLiveness(launched, port, life);
      hasBeenReady ||= readiness.isReady;
      if (readiness.isReady) this.#become('ready');
      else if (hasBeenReady) this.#become('unready');
      else if (performance.now() >= deadline) {
        this.#options.onTrouble({ kind: 'not-ready', reason: this.#whyNotReady(launched, port, result) });
        // Whoever watches may have stopped it; otherwise it gets another chance.
        if (!this.#isEnding) void launched.process.stop({ graceSeconds: stopGraceSeconds });
        return;
      }
      await pause(readiness.isReady ? readyProbeSeconds : startingProbeSeconds, life);
    }
  }

  async #watchLiveness(launched: LaunchedReplica, port: number, life: AbortSignal): Promise<void> {
    const { liveness } = this.#options;
    if (liveness === undefined) return;
    const observed = await untilNotAlive(liveness, port, life);
    if (observed === undefined) return;
    this.#notAlive = `not alive (${observed})`;
    await launched.process.stop({ graceSeconds: stopGraceSeconds });
  }

  #whyNotReady(launched: LaunchedReplica, port: number, last: ProbeResult): string {
    const { readinessPath, startupTimeoutSeconds } = this.#options;
    const within = `within ${startupTimeoutSeconds} s`;
    if (last.kind === 'passed') return `${this.name} was not ready ${within}`;
    if (!last.isListening) {
      const { containerPort, process: child } = launched;
      if (containerPort !== null) return `${this.name}: nothing listened on port ${containerPort} ${within}`;
      const others = portsOfGroup(child.identity.pid).filter((other) => other !== port);
      const hint = others.length === 0 ? '' : `, it listens on ${others.join(', ')}`;
      return `${this.name}: nothing listened on port ${port} ${within} (last: ${last.observed}${hint})`;
    }
    return `${this.name} did not answer 200 on GET ${readinessPath ?? '/'} ${within} (last: ${last.observed})`;
  }

  #become(state: ReplicaStatus['state']): void {
    if (this.#state === state || this.#state === 'stopped') return;
    if (this.#isEnding && state !== 'stopping' && state !== 'stopped') return;
    this.#state = state;
    this.#options.onChange();
  }
}
