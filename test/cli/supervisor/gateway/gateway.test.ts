import { once } from 'node:events';
import { Agent, type IncomingMessage, createServer, request } from 'node:http';
import { type AddressInfo, type Socket, connect } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { apiRelease, apiService } from '../../../support/supervisor-apps.js';
import { killProcess } from '../../../support/kill-process.js';
import { bodyOf, eventually, openStage, serve } from '../../../support/supervisor-stage.js';

test.concurrent('the longest route decides which service answers', async (context) => {
  const stage = openStage(context);
  const client = await stage.start();
  const services = [
    apiService(stage.apps, { env: { APP_VERSION: 'front' } }),
    apiService(stage.apps, { name: 'admin', routes: [{ path: '/admin' }], env: { APP_VERSION: 'admin' } }),
  ];

  const url = await serve(client, { id: 'r1', services, schedules: [] });

  expect(await bodyOf(`${url}/admin/users?x=/`)).toBe('admin');
  expect(await bodyOf(`${url}/administrator`)).toBe('front');
});

test.concurrent('a path without a route is 404, and says which release has none', async (context) => {
  const stage = openStage(context);
  const client = await stage.start();
  const url = await serve(client, apiRelease('r1', stage.apps, { routes: [{ path: '/api' }] }));

  const response = await fetch(`${url}/other`);

  expect(response.status).toBe(404);
  expect(response.headers.get('x-agentctl-release')).toBe('r1');
  expect(await response.json()).toEqual({ error: 'no service has a route for /other' });
});

test.concurrent('the service learns who asked and for which host', async (context) => {
  const stage = openStage(context);
  const client = await stage.start();
  const url = await serve(client, apiRelease('r1', stage.apps));

  const response = await fetch(`${url}/headers`, { headers: { 'x-forwarded-for': '203.0.113.7' } });

  expect(await response.json()).toMatchObject({
    'x-forwarded-for': '203.0.113.7, 127.0.0.1',
    'x-forwarded-proto': 'http',
    'x-forwarded-host': new URL(url).host,
  });
});

test.concurrent('a large body goes through unchanged', async (context) => {
  const stage = openStage(context);
  const client = await stage.start();
  const url = await serve(client, apiRelease('r1', stage.apps));
  const body = 'agent '.repeat(500_000);

  const response = await fetch(`${url}/echo`, { method: 'POST', body });

  expect(await response.text()).toBe(body);
});

test.concurrent('a stream arrives event by event, its headers before the first event', async (context) => {
  const stage = openStage(context);
  const client = await stage.start();
  const url = await serve(client, apiRelease('r1', stage.apps));

  // Each event is sent when the one before has arrived: a gateway that keeps something back never gets to the end.
  const response = await fetch(`${url}/held`);
  const reader = (response.body ?? new ReadableStream<Uint8Array>()).pipeThrough(new TextDecoderStream()).getReader();
  const arrived: (string | undefined)[] = [];
  for (const path of ['/push', '/push', '/let-go']) {
    await bodyOf(`${url}${path}`);
    arrived.push((await reader.read()).value);
  }

  expect(arrived).toEqual(['data: push\n\n', 'data: push\n\n', 'data: end\n\n']);
});

test.concurrent('a client that goes away ends the request of the replica', async (context) => {
  const stage = openStage(context);
  const client = await stage.start();
  const url = await serve(client, apiRelease('r1', stage.apps));
  const abort = new AbortController();
  const response = await fetch(`${url}/sse?events=1000&ms=50`, { signal: abort.signal });
  const reader = response.body?.getReader();
  await reader?.read();

  abort.abort();

  await eventually(async () => (await bodyOf(`${url}/aborted`)) === '1');
  await eventually(async () => (await client.release('r1'))?.services[0]?.replicas[0]?.inFlight === 0);
});

test.concurrent('a WebSocket goes through both ways and counts as in flight', async (context) => {
  const stage = openStage(context);
  const client = await stage.start();
  const url = await serve(client, apiRelease('r1', stage.apps));
  const inFlight = async () => (await client.release('r1'))?.services[0]?.replicas[0]?.inFlight;

  const { socket, head } = await openWebSocket(url);
  socket.write('ping');
  const [echo] = await once(socket, 'data');

  expect(head).toMatch(/^HTTP\/1\.1 101 /);
  expect(head.toLowerCase()).toContain('x-agentctl-release: r1');
  expect(String(echo)).toBe('ping');
  expect(await inFlight()).toBe(1);
  socket.destroy();
  await eventually(async () => (await inFlight()) === 0);
});

test.concurrent('a client that offers HTTP/2 is answered in HTTP/1.1', async (context) => {
  const stage = openStage(context);
  const client = await stage.start();
  const url = await serve(client, apiRelease('r1', stage.apps));
  const socket = connect({ host: '127.0.0.1', port: Number(new URL(url).port) });
  const headers = 'Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAEAAEAAAAIAAAAB\r\n';

  socket.write(`POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n${headers}\r\nhello`);
  let answer = '';
  for await (const chunk of socket) answer += String(chunk);

  expect(answer).toMatch(/^HTTP\/1\.1 200 OK\r\nx-agentctl-release: r1\r\n/);
  expect(answer).toContain('hello');
});

test.concurrent('idle connections of clients are kept, those to replicas are not', async (context) => {
  const stage = openStage(context);
  const client = await stage.start();
  const url = await serve(client, apiRelease('r1', stage.apps));
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  const ports = new Set<number | undefined>();
  const connections: (string | undefined)[] = [];

  for (let count = 0; count < 3; count += 1) {
    const response = await get(`${url}/headers`, agent);
    connections.push(JSON.parse(response.body).connection);
    ports.add(response.localPort);
  }
  agent.destroy();

  expect(ports.size).toBe(1);
  expect(new Set(connections)).toEqual(new Set(['close']));
});

test.concurrent('requests are spread over the replicas', async (context) => {
  const stage = openStage(context);
  const client = await stage.start();
  const url = await serve(client, apiRelease('r1', stage.apps, { replicas: 2 }));

  const pids = await Promise.all(Array.from({ length: 20 }, () => bodyOf(`${url}/pid`)));

  expect(new Set(pids).size).toBe(2);
});

test.concurrent('a request to a replica that has just died is taken by another', async (context) => {
  const stage = openStage(context);
  const client = await stage.start();
  const url = await serve(client, apiRelease('r1', stage.apps, { replicas: 2 }));
  const replicas = (await client.release('r1'))?.services[0]?.replicas ?? [];

  killProcess(replicas[0]?.pid);
  await eventually(() => isRefused(replicas[0]?.port ?? 0));
  const statuses = await Promise.all(
    Array.from({ length: 10 }, async () => (await fetch(`${url}/echo`, { method: 'POST', body: 'x' })).status),
  );

  expect(new Set(statuses)).toEqual(new Set([200]));
});

test.concurrent('when no replica can answer, the client is told to come again', async (context) => {
  const stage = openStage(context);
  const client = await stage.start();
  const url = await serve(client, apiRelease('r1', stage.apps));

  await bodyOf(`${url}/exit`);
  await eventually(async () => (await client.release('r1'))?.services[0]?.replicas[0]?.state === 'backing-off');
  const response = await fetch(url);

  expect([502, 503]).toContain(response.status);
  expect(response.headers.get('retry-after')).toBe('1');
  expect(await response.json()).toHaveProperty('error');
});

test.concurrent('a gateway port that is taken is refused, and the error names who has it', async (context) => {
  const stage = openStage(context);
  const client = await stage.start();
  await serve(client, apiRelease('r1', stage.apps));
  const other = createServer().listen(0, '127.0.0.1');
  await once(other, 'listening');
  const { port } = other.address() as AddressInfo;

  const switching = client.switchTraffic({ release: 'r1', port });

  await expect(switching).rejects.toMatchObject({
    code: 'PortTaken',
    message: expect.stringContaining(`port ${port} is taken by`),
  });
  await expect(switching).rejects.toThrow(`(pid ${process.pid})`);
  other.close();
});

test.concurrent('the gateway moves to another port when asked, and open streams go on', async (context) => {
  const stage = openStage(context);
  const client = await stage.start();
  const before = await serve(client, apiRelease('r1', stage.apps));
  const stream = await fetch(`${before}/sse?events=8&ms=100`);
  const port = await freePort();

  const { url } = await client.switchTraffic({ release: 'r1', port });

  expect(url).toBe(`http://127.0.0.1:${port}`);
  expect(await bodyOf(url)).toBe('r1');
  expect(await stream.text()).toContain('data: end');
  await expect(fetch(before)).rejects.toThrow('fetch failed');
});

async function openWebSocket(url: string) {
  const outgoing = request(url, {
    headers: {
      connection: 'Upgrade',
      upgrade: 'websocket',
      'sec-websocket-key': 'dGhlIHNhbXBsZSBub25jZQ==',
      'sec-websocket-version': '13',
    },
  });
  outgoing.end();
  const [response, socket] = (await once(outgoing, 'upgrade')) as [IncomingMessage, Socket];
  const lines = Object.entries(response.headers).map(([name, value]) => `${name}: ${String(value)}`);
  return { socket, head: [`HTTP/1.1 ${response.statusCode} `, ...lines].join('\n') };
}

async function get(url: string, agent: Agent) {
  const outgoing = request(url, { agent });
  outgoing.end();
  const [response] = (await once(outgoing, 'response')) as [IncomingMessage];
  const { localPort } = response.socket;
  let body = '';
  for await (const chunk of response) body += String(chunk);
  // The agent takes the connection back a moment later.
  await sleep(5);
  return { body, localPort };
}

async function isRefused(port: number): Promise<boolean> {
  return await new Promise((resolve) => {
    const socket = connect({ host: '127.0.0.1', port });
    socket.on('connect', () => {
      socket.destroy();
      resolve(false);
    });
    socket.on('error', () => resolve(true));
  });
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}
