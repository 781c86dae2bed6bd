import { setTimeout as sleep } from 'node:timers/promises';
import { ask } from './local-traffic.js';

/** One request that wrote a note. Times are milliseconds of performance.now. */
export interface WriteRequest {
  readonly startedAt: number;
  readonly endedAt: number;
  readonly note: string;
  /** Empty when it was acknowledged. */
  readonly failure: string;
}

/** Writers that go on until they are stopped. */
export interface AcknowledgedLoad {
  /** In the order they ended. */
  readonly requests: readonly WriteRequest[];
  stop(): Promise<void>;
}

/** Clients that each write one note after the other, every one with a text of its own. */
export function startWriters(url: string, clients: number): AcknowledgedLoad {
  const requests: WriteRequest[] = [];
  let isStopping = false;
  const run = async (client: number): Promise<void> => {
    for (let turn = 1; !isStopping; turn += 1) {
      const note = `client-${client}-note-${turn}`;
      const startedAt = performance.now();
      const { status, body, reason } = await ask(`${url}/notes?add=${note}`);
      const failure = status === 200 ? '' : `${status} ${reason || body.slice(0, 80).trim()}`;
      requests.push({ startedAt, endedAt: performance.now(), note, failure });
      await sleep(40);
    }
  };
  const running = Promise.all(Array.from({ length: clients }, (_, client) => run(client + 1)));
  return {
    requests,
    stop: async () => {
      isStopping = true;
      await running;
    },
  };
}
