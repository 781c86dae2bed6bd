import { Agent, get } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { releaseHeader } from '../../cli/supervisor/protocol.js';

/** One answer, or why there is none. */
export interface Answer {
  /** 0: no answer. */
  readonly status: number;
  readonly release: string;
  readonly body: string;
  readonly reason: string;
}

/** No server here is that slow: whatever takes longer hangs. */
const longestAnswerSeconds = 60;

/** One GET; never throws. */
export function ask(url: string, agent: Agent | false = false): Promise<Answer> {
  return new Promise((resolve) => {
    const failed = (error: Error): void => resolve({ status: 0, release: '', body: '', reason: error.message });
    get(url, { agent, timeout: longestAnswerSeconds * 1000 }, (response) => {
      let body = '';
      response.setEncoding('utf8').on('data', (text: string) => (body += text));
      response.on('error', failed);
      response.on('end', () =>
        resolve({
          status: response.complete ? (response.statusCode ?? 0) : 0,
          release: String(response.headers[releaseHeader] ?? ''),
          body,
          reason: response.complete ? '' : 'cut off',
        }),
      );
    })
      .on('timeout', function (this: ReturnType<typeof get>) {
        this.destroy(new Error(`no answer within ${longestAnswerSeconds} s`));
      })
      .on('error', failed);
  });
}

/** The JSON that a path answers with. */
export async function askJson<T>(url: string): Promise<T> {
  return JSON.parse((await ask(url)).body) as T;
}

/** What many requests came to. */
export interface TrafficReport {
  readonly requests: number;
  /** Whatever was not a 200, for people. */
  readonly failures: readonly string[];
  /** In the order they first answered. */
  readonly releases: readonly string[];
}

/** Requests that go on until they are stopped. */
export interface Traffic {
  stop(): Promise<TrafficReport>;
}

export interface TrafficOptions {
  /** @default 1 */
  readonly clients?: number;
  /** Between the end of a request and the next of the same client. @default 50 (20 requests a second) */
  readonly pauseMilliseconds?: number;
}

/** Clients that each send one request after the other, on a connection of their own that they keep. */
export function startTraffic(url: string, { clients = 1, pauseMilliseconds = 50 }: TrafficOptions = {}): Traffic {
  let isStopping = false;
  const failures: string[] = [];
  const releases = new Set<string>();
  let requests = 0;
  const run = async (): Promise<void> => {
    const agent = new Agent({ keepAlive: true, maxSockets: 1 });
    while (!isStopping) {
      const { status, release, reason } = await ask(url, agent);
      requests += 1;
      if (status === 200) releases.add(release);
      else failures.push(`${new Date().toISOString()} ${status} ${reason}`);
      await sleep(pauseMilliseconds);
    }
    agent.destroy();
  };
  const running = Promise.all(Array.from({ length: clients }, run));
  return {
    async stop() {
      isStopping = true;
      await running;
      return { requests, failures, releases: [...releases] };
    },
  };
}

/** A stream of events, ten a second, to its end. `isWhole`: every event and the end arrived. */
export async function readStream(
  url: string,
): Promise<{ readonly isWhole: boolean; readonly events: number; readonly release: string }> {
  const { status, body, release } = await ask(`${url}/stream`);
  const events = body.split('\n\n').length - 2;
  const expected = [...Array.from({ length: events }, (_, index) => String(index + 1)), 'end'];
  const text = expected.map((event) => `data: ${event}\n\n`).join('');
  return { isWhole: status === 200 && body === text, events, release };
}
