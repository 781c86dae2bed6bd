import { type IncomingMessage, type Server, type ServerResponse, createServer } from 'node:http';
import type { Duplex } from 'node:stream';
import { type ProxyServer, createProxyServer } from 'httpxy';
import { type Destination, type Reached, type Refusal, reachReplica } from './destination.js';
import { releaseHeader } from '../protocol.js';
import { originForm, pathOfTarget } from './route-table.js';
import { tunnelPlainUpgrade } from './plain-upgrade.js';
import { OneConnectionAgent } from './upstream.js';

/** Longer than clients and load balancers usually keep an idle connection, so that it is them who close it. */
const keepAliveMilliseconds = 75_000;
const headersMilliseconds = 60_000;
/** Agents are sent large cookies and tokens. */
const largestHeaderBytes = 64 * 1024;

/** Takes requests on a port and passes each to the replica its path leads to. */
export interface ProxyListener {
  readonly port: number;
  /** Takes no new connection; open requests and streams go on. */
  retire(): void;
  /** Cuts everything. Resolves when the port is free. */
  close(): Promise<void>;
}

/**
 * Starts listening. Rejects with the error of the operating system (`EADDRINUSE`) when the port is taken.
 * `host`: the address to listen on, by default that of this machine alone. `destinationOf` is asked anew for every request, so that a switch of traffic takes effect between two of them.
 */
export async function listenAsProxy(
  port: number,
  destinationOf: (path: string) => Destination,
  host = '127.0.0.1',
): Promise<ProxyListener> {
  const releases = new WeakMap<IncomingMessage, string>();
  const proxy = createProxyServer({});
  proxy.on('proxyRes', (upstream, _request, response) => passHeaders(upstream, response));
  proxy.on('proxyReqWs', (outgoing, request) => {
    const name = (upstream: IncomingMessage): void => {
      upstream.headers[releaseHeader] = releases.get(request) ?? '';
    };
    outgoing.prependOnceListener('upgrade', name);
    outgoing.prependOnceListener('response', name);
  });
  const server = createServer(
    {
      requestTimeout: 0,
      headersTimeout: headersMilliseconds,
      keepAliveTimeout: keepAliveMilliseconds,
      maxHeaderSize: largestHeaderBytes,
      noDelay: true,
    },
    (request, response) => {
      void forward(proxy, request, response, destinationOf(pathOfTarget(request.url ?? '/')));
    },
  );
  const tunnels = new Set<Duplex>();
  server.on('upgrade', (request, socket, head) => {
    tunnels.add(socket);
    socket.once('close', () => tunnels.delete(socket));
    const destination = destinationOf(pathOfTarget(request.url ?? '/'));
    if (destination.kind === 'replicas') releases.set(request, destination.release);
    void forwardUpgrade(proxy, request, socket, head, destination);
  });
  await listening(server, port, host);
  return {
    port,
    retire: () => {
      server.close();
      server.closeIdleConnections();
    },
    close: async () => {
      const closed = new Promise((resolve) => server.close(resolve));
      server.closeAllConnections();
      for (const socket of tunnels) socket.destroy();
      await closed;
    },
  };
}

async function forward(
  proxy: ProxyServer,
  request: IncomingMessage,
  response: ServerResponse,
  destination: Destination,
): Promise<void> {
  if (destination.kind === 'refused') {
    answer(response, destination);
    return;
  }
  const reached = await reachReplica(destination, () => response.closed || request.socket.destroyed);
  if (reached.kind === 'refused') {
    answer(response, { ...reached, release: destination.release });
    return;
  }
  if (reached.kind === 'abandoned') return;
  response.once('close', reached.leave);
  response.setHeader(releaseHeader, destination.release);
  prepareHeaders(request);
  // We have answered it already, as Node does by itself.
  delete request.headers.expect;
  try {
    await proxy.web(request, response, { ...upstreamOptions(reached), headers: { connection: 'close' } });
  } catch {
    answer(response, {
      kind: 'refused',
      statusCode: 502,
      message: 'the replica closed the connection without an answer',
      release: destination.release,
    });
  } finally {
    if (response.destroyed) reached.socket.destroy();
  }
}

async function forwardUpgrade(
  proxy: ProxyServer,
  request: IncomingMessage,
  socket: Duplex,
  head: Buffer,
  destination: Destination,
): Promise<void> {
  socket.on('error', () => socket.destroy());
  const reached: Reached =
    destination.kind === 'refused' ? destination : await reachReplica(destination, () => socket.destroyed);
  if (reached.kind === 'refused') {
    socket.end(rawAnswer(reached));
    return;
  }
  if (reached.kind === 'abandoned') return;
  const upstream = reached.socket;
  // Either side that goes takes the other along; a half-open tunnel would count as in flight for ever.
  socket.once('close', () => {
    reached.leave();
    upstream.destroy();
  });
  upstream.once('close', () => (socket.writableEnded ? socket.destroy() : socket.end(() => socket.destroy())));
  prepareHeaders(request);
  if (request.headers.upgrade?.toLowerCase() !== 'websocket') {
    tunnelPlainUpgrade(request, socket, head, upstream, destination.kind === 'replicas' ? destination.release : '');
    return;
  }
  try {
    await proxy.ws(request, request.socket, upstreamOptions(reached), head);
  } catch {
    socket.destroy();
  }
}

function upstreamOptions(reached: Extract<Reached, { kind: 'reached' }>): {
  target: { host: string; port: number; protocol: string };
  agent: OneConnectionAgent;
} {
  return {
    target: { host: '127.0.0.1', port: reached.port, protocol: 'http:' },
    agent: new OneConnectionAgent(reached.socket),
  };
}

/** We are the edge, unless something before us (a tunnel with TLS) has said otherwise. */
function prepareHeaders(request: IncomingMessage): void {
  const { headers } = request;
  const earlier = headers['x-forwarded-for'];
  const peer = request.socket.remoteAddress ?? '127.0.0.1';
  headers['x-forwarded-for'] = earlier === undefined ? peer : `${String(earlier)}, ${peer}`;
  headers['x-forwarded-proto'] ??= 'http';
  headers['x-forwarded-host'] ??= headers.host ?? '';
  delete headers['keep-alive'];
  delete headers['proxy-connection'];
  request.url = originForm(request.url ?? '/');
}

/** What concerns the connection to the replica must not reach the client: it would close its own connection to us. */
function passHeaders(upstream: IncomingMessage, response: ServerResponse): void {
  delete upstream.headers.connection;
  delete upstream.headers['keep-alive'];
  delete upstream.headers[releaseHeader];
  if (upstream.headers['content-length'] !== undefined) return;
  // A stream shall be seen to begin before its first byte. The headers are set right after this event.
  queueMicrotask(() => {
    if (!response.headersSent && !response.destroyed) response.flushHeaders();
  });
}

function answer(response: ServerResponse, refusal: Refusal): void {
  if (response.headersSent || response.destroyed) {
    response.destroy();
    return;
  }
  for (const [name, value] of Object.entries(refusalHeaders(refusal))) response.setHeader(name, value);
  response.statusCode = refusal.statusCode;
  response.end(refusalBody(refusal));
}

function rawAnswer(refusal: Refusal): string {
  const body = refusalBody(refusal);
  const headers = {
    ...refusalHeaders(refusal),
    'content-length': String(Buffer.byteLength(body)),
    connection: 'close',
  };
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}`);
  return [`HTTP/1.1 ${refusal.statusCode} Refused`, ...lines, '', body].join('\r\n');
}

function refusalHeaders(refusal: Refusal): Record<string, string> {
  return {
    'content-type': 'application/json',
    ...(refusal.statusCode === 404 ? {} : { 'retry-after': '1' }),
    ...(refusal.release === null ? {} : { [releaseHeader]: refusal.release }),
  };
}

function refusalBody(refusal: Refusal): string {
  return `${JSON.stringify({ error: refusal.message })}\n`;
}

async function listening(server: Server, port: number, host: string): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen({ host, port, exclusive: true }, () => {
      server.removeListener('error', reject);
      resolve();
    });
  });
}
