import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import type { SupervisorClient } from '../../../cli/supervisor/client.js';
import { apiRelease, apiService } from '../../support/supervisor-apps.js';
import { bodyOf, eventually, openStage, release, serve } from '../../support/supervisor-stage.js';

/** Requests go on for this many after each switch, to see that none fails any more. */
const requestsAfterwards = 40;

test('a switch under load fails no request and cuts no stream', async (context) => {
  const stage = openStage(context);
  const client = await stage.start();
  const url = await serve(client, apiRelease('r1', stage.apps, { replicas: 2, drainSeconds: 20 }));
  const outcome = { ok: 0, failures: [] as string[], streams: 0, cut: 0, seen: new Set<string>() };
  const over = new AbortController();
  const requests = Array.from({ length: 8 }, async (_, worker) => {
    while (!over.signal.aborted) {
      const method = worker % 2 === 0 ? 'GET' : 'POST';
      try {
        const response = await fetch(
          method === 'GET' ? url : `${url}/echo`,
          method === 'GET' ? {} : { method, body: 'hello' },
        );
        const text = await response.text();
        if (method === 'GET') outcome.seen.add(text);
        if (response.ok) outcome.ok += 1;
        else outcome.failures.push(`${response.status} ${text}`);
      } catch (error) {
        outcome.failures.push(String(error instanceof Error ? (error.cause ?? error) : error));
      }
    }
  });
  const streams = Array.from({ length: 6 }, async () => {
    while (!over.signal.aborted) {
      outcome.streams += 1;
      const text = await bodyOf(`${url}/sse?events=15&ms=100`).catch(() => 'cut');
      if (!text.endsWith('data: end\n\n')) outcome.cut += 1;
    }
  });

  for (const id of ['r2', 'r3']) {
    const before = (await client.status()).servingRelease ?? '';
    await serve(client, apiRelease(id, stage.apps, { replicas: 2, drainSeconds: 20 }));
    await client.drainRelease(before);
    await eventually(async () => (await client.release(before))?.state === 'stopped');
    const reached = outcome.ok;
    await eventually(() => outcome.ok >= reached + requestsAfterwards);
  }
  over.abort();
  await Promise.all([...requests, ...streams]);

  expect(outcome.failures).toEqual([]);
  expect(outcome.cut).toBe(0);
  expect(outcome.seen).toEqual(new Set(['r1', 'r2', 'r3']));
  expect(outcome.streams).toBeGreaterThan(6);
});

test.concurrent('draining waits for an open stream and then stops the replica', async (context) => {
  const stage = openStage(context);
  const client = await stage.start();
  const url = await serve(client, apiRelease('r1', stage.apps));
  const stream = await fetch(`${url}/held`);
  const direct = await addressOf(client, 'r1');
  await serve(client, apiRelease('r2', stage.apps));

  const draining = await client.drainRelease('r1');
  await sleep(300);
  const meanwhile = await client.release('r1');

  expect(draining.state).toBe('draining');
  expect(meanwhile?.services[0]?.replicas[0]).toMatchObject({ state: 'ready', inFlight: 1 });
  await bodyOf(`${direct}/let-go`);
  expect(await stream.text()).toContain('data: end');
  await eventually(async () => (await client.release('r1'))?.state === 'stopped');
  expect(await bodyOf(url)).toBe('r2');
});

test.concurrent('a stream that lasts longer than the drain is cut', async (context) => {
  const stage = openStage(context);
  const client = await stage.start();
  const url = await serve(
    client,
    apiRelease('r1', stage.apps, { drainSeconds: 0.5, env: { APP_MODE: 'quits-at-once' } }),
  );
  const stream = await fetch(`${url}/sse?events=1000&ms=100`);
  await serve(client, apiRelease('r2', stage.apps));

  await client.drainRelease('r1');
  await client.deleteRelease('r1');

  await expect(stream.text()).rejects.toThrow('terminated');
});

test.concurrent('draining lets a worker finish what it has', async (context) => {
  const stage = openStage(context);
  const client = await stage.start();
  const { port: _none, ...worker } = apiService(stage.apps, {
    name: 'worker',
    command: [process.execPath, 'worker.mjs'],
    routes: [],
    env: { END_MS: '700' },
  });
  await release(client, { id: 'r1', services: [worker], schedules: [] });

  await client.drainRelease('r1');
  const ended = await eventually(async () => {
    const status = await client.release('r1');
    return status?.state === 'stopped' ? status : undefined;
  });

  expect(ended.services[0]?.replicas[0]?.lastExit).toBe('exit 0');
});

test.concurrent('a release can come back while it is still being drained', async (context) => {
  const stage = openStage(context);
  const client = await stage.start();
  const manifest = apiRelease('r1', stage.apps, { drainSeconds: 60 });
  const url = await serve(client, manifest);
  const stream = await fetch(`${url}/held`);
  const direct = await addressOf(client, 'r1');
  await serve(client, apiRelease('r2', stage.apps));
  await client.drainRelease('r1');

  await serve(client, manifest);

  expect(await bodyOf(url)).toBe('r1');
  await bodyOf(`${direct}/let-go`);
  expect(await stream.text()).toContain('data: end');
});

/** Of the first replica of a release, past the gateway. */
async function addressOf(client: SupervisorClient, id: string): Promise<string> {
  const release = await client.release(id);
  return `http://127.0.0.1:${release?.services[0]?.replicas[0]?.port}`;
}
