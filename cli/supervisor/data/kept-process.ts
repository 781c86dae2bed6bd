import { messageOf } from '../../errors.js';
import { type RunningProcess, describeEnd } from '../../tools/process/index.js';
import { backOffAfter, freshBackOff } from '../release/back-off.js';
import { pause } from '../pause.js';

/** What keeping a server running takes. */
export interface KeptProcessOptions {
  readonly name: string;
  /** Starts it and resolves when it can be used; throws when that fails, having ended what it started. */
  readonly start: () => Promise<RunningProcess>;
  readonly stop: (server: RunningProcess) => Promise<void>;
  readonly note: (text: string) => void;
}

/** A server that is started again whenever it ends. */
export class KeptProcess {
  readonly #options: KeptProcessOptions;
  readonly #ending = new AbortController();
  #current: RunningProcess | undefined;
  #state: 'starting' | 'running' | 'down' = 'starting';
  #restarts = 0;
  #loop: Promise<void> | undefined;
  #starting: Promise<RunningProcess> | undefined;

  constructor(options: KeptProcessOptions) {
    this.#options = options;
  }

  get state(): 'starting' | 'running' | 'down' {
    return this.#state;
  }

  get restarts(): number {
    return this.#restarts;
  }

  /** Starts it for the first time. Whether or not that works, it is kept until it is stopped. Throws what the first attempt threw. */
  async start(): Promise<void> {
    const first = this.#startOnce();
    this.#loop = first.then(
      (server) => this.#keep(server),
      () => this.#keep(undefined),
    );
    await first;
  }

  /** Ends it for good. */
  async stop(): Promise<void> {
    this.#ending.abort();
    await this.#starting?.catch(() => undefined);
    if (this.#current !== undefined) await this.#options.stop(this.#current);
    await this.#loop;
    this.#state = 'down';
  }

  async #startOnce(): Promise<RunningProcess> {
    this.#state = 'starting';
    this.#starting = this.#options.start();
    try {
      this.#current = await this.#starting;
      this.#state = 'running';
      return this.#current;
    } catch (error) {
      this.#state = 'down';
      throw error;
    }
  }

  async #keep(first: RunningProcess | undefined): Promise<void> {
    let server = first;
    let backOff = freshBackOff;
    let startedAt = performance.now();
    while (!this.#ending.signal.aborted) {
      if (server !== undefined) {
        const end = await server.ended;
        this.#current = undefined;
        this.#state = 'down';
        if (this.#ending.signal.aborted) return;
        this.#options.note(`${this.#options.name} ended (${describeEnd(end)}) and is started again`);
      }
      const { next, waitSeconds } = backOffAfter(backOff, (performance.now() - startedAt) / 1000);
      backOff = next;
      await pause(waitSeconds, this.#ending.signal);
      if (this.#ending.signal.aborted) return;
      this.#restarts += 1;
      startedAt = performance.now();
      server = await this.#startOnce().catch((error: unknown) => {
        this.#options.note(`${this.#options.name} does not start: ${messageOf(error)}`);
        return undefined;
      });
    }
  }
}
