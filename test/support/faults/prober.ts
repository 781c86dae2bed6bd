import { Agent } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { ask } from '../local-traffic.js';

/** Requests that go on through everything that happens to a stage. */
export interface Prober {
  /** Begins, or goes on with another address. */
  point(url: string | undefined): void;
  /** Whether rows are written as well; they are, unless this says no. */
  write(isWanted: boolean): void;
  /** What failed since the last call, and how many requests there were. */
  take(): Promise<{ readonly requests: number; readonly failures: readonly string[] }>;
  /** Texts of the rows whose write was answered with 200. */
  acknowledged(): readonly string[];
  /** The database was thrown away on purpose: forget what was written. */
  forget(): void;
  stop(): Promise<void>;
}

interface Client {
  readonly path: () => string;
  readonly agent: Agent | false;
  readonly pauseMilliseconds: number;
  /** Of reads: a write may fail while the database is away. */
  readonly failures?: string[];
  readonly onSuccess?: () => void;
  readonly isWanted?: () => boolean;
}

/**
 * Some 20 requests a second: half on a connection that is kept, half on fresh ones; and five writes.
 *
 * @param slowness how many times fewer, where a cell takes long anyway. @default 1
 */
export function startProber(slowness = 1): Prober {
  const kept = new Agent({ keepAlive: true, maxSockets: 1 });
  const failures: string[] = [];
  const written: string[] = [];
  let url: string | undefined;
  let requests = 0;
  let round = 0;
  let serial = 0;
  let isStopping = false;
  let writes = true;
  const run = async ({
    path,
    agent,
    pauseMilliseconds,
    failures: kind,
    onSuccess,
    isWanted,
  }: Client): Promise<void> => {
    while (!isStopping) {
      const base = url;
      if (base !== undefined && isWanted?.() !== false) {
        const wanted = path();
        const { status, reason, body } = await ask(`${base}${wanted}`, agent);
        requests += 1;
        // An answer that was asked for before the stage was taken away on purpose does not count.
        if (url !== base) continue;
        if (status === 200) onSuccess?.();
        else kind?.push(`${new Date().toISOString()} GET ${wanted}: ${status} ${reason || body.slice(0, 100)}`);
      }
      round += 1;
      await sleep(pauseMilliseconds * slowness);
    }
  };
  let row = '';
  const clients = Promise.all([
    run({ path: () => '/', agent: kept, pauseMilliseconds: 95, failures }),
    run({ path: () => '/', agent: false, pauseMilliseconds: 95, failures }),
    run({
      path: () => `/add?text=${(row = `row-${(serial += 1)}`)}`,
      agent: false,
      pauseMilliseconds: 200,
      onSuccess: () => written.push(row),
      isWanted: () => writes,
    }),
  ]);
  return {
    point: (next) => {
      url = next;
    },
    write: (isWanted) => {
      writes = isWanted;
    },
    async take() {
      // What is under way belongs to what has just happened.
      const seen = round;
      const deadline = performance.now() + 20_000;
      while (round < seen + 6 && performance.now() < deadline) await sleep(10);
      const taken = { requests, failures: failures.splice(0) };
      requests = 0;
      return taken;
    },
    acknowledged: () => [...written],
    forget: () => void written.splice(0),
    async stop() {
      isStopping = true;
      await clients;
      kept.destroy();
    },
  };
}
