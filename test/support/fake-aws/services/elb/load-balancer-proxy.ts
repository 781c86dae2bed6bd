import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { forwardRequest, forwardUpgrade, type Upstream } from '../../../cloud/http/forward-request.js';
import { type Action, type Listener, targetsOf } from './load-balancing.js';
import { routeRequest } from './route-request.js';
import type { Target, TargetGroup } from './target-group.js';

/** The address of a load balancer. */
export interface LoadBalancerProxy {
  /** `127.0.0.1:port`. */
  readonly host: string;
  readonly close: () => Promise<void>;
}

export interface LoadBalancerProxyOptions {
  readonly listeners: () => readonly Listener[];
  readonly targetGroup: (arn: string) => TargetGroup;
  readonly idleTimeoutSeconds: () => number;
}

/** A proxy that streams both ways and answers 502, 503 and 504 as an Application Load Balancer does. */
export async function startLoadBalancerProxy(options: LoadBalancerProxyOptions): Promise<LoadBalancerProxy> {
  const { targetGroup } = options;
  const handle = (request: IncomingMessage, response: ServerResponse): void => {
    const listener = frontListener(options.listeners());
    if (listener === undefined) return void response.destroy();
    const { method = 'GET', url: target = '/', headers } = request;
    const action = routeRequest(listener, { method, target, headers });
    if (action?.Type === 'fixed-response') return answerFixed(action, response);
    if (action?.Type === 'redirect') return answerRedirect(action, listener, request, response);
    const chosen = action === undefined ? undefined : chooseTarget(action, targetGroup);
    if (chosen === undefined) return answerError(response, 503, 'Service Temporarily Unavailable');
    forwardRequest({
      request,
      response,
      upstream: upstreamOf(chosen),
      headers: forwardedHeaders(request, listener),
      idleSeconds: options.idleTimeoutSeconds(),
      refuse: (status, text) => answerError(response, status, text),
    });
  };
  const server = createServer((request, response) => handle(request, response));
  // The load balancer's own idle timeout is what ends a connection.
  server.requestTimeout = 0;
  server.keepAliveTimeout = 60_000;
  server.on('upgrade', (request: IncomingMessage, socket: Socket, head: Buffer) => {
    upgrade(request, socket, head, options);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    host: `127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

/** What comes to the address of the load balancer: the plain listener, unless that only sends on to HTTPS. TLS is taken off already. */
function frontListener(listeners: readonly Listener[]): Listener | undefined {
  const sorted = [...listeners].sort((a, b) => a.port - b.port);
  return sorted.find(({ defaultActions }) => defaultActions[0]?.Type !== 'redirect') ?? sorted[0];
}

/** A healthy target with the fewest requests; any, when none is healthy ("fail open"); undefined without a target. */
function chooseTarget(action: Action, targetGroup: (arn: string) => TargetGroup): Target | undefined {
  const groups = targetsOf(action).filter(({ weight }) => weight > 0);
  let at = Math.random() * groups.reduce((sum, { weight }) => sum + weight, 0);
  const { arn } = groups.find(({ weight }) => (at -= weight) < 0) ?? {};
  if (arn === undefined) return undefined;
  const targets = [...targetGroup(arn).targets.values()].filter(({ state }) => state !== 'draining');
  const healthy = targets.filter(({ state }) => state === 'healthy');
  return (healthy.length > 0 ? healthy : targets).sort((a, b) => a.inFlight - b.inFlight)[0];
}

/** A target as what a request is passed on to: they count its requests together. */
function upstreamOf(target: Target): Upstream {
  return {
    host: target.id,
    port: target.port,
    get inFlight() {
      return target.inFlight;
    },
    set inFlight(count) {
      target.inFlight = count;
    },
  };
}

function upgrade(request: IncomingMessage, socket: Socket, head: Buffer, options: LoadBalancerProxyOptions): void {
  const listener = frontListener(options.listeners());
  const { method = 'GET', url: target = '/', headers } = request;
  const action = listener === undefined ? undefined : routeRequest(listener, { method, target, headers });
  const chosen = action === undefined ? undefined : chooseTarget(action, options.targetGroup);
  if (listener === undefined || chosen === undefined)
    return void socket.end('HTTP/1.1 503 Service Unavailable\r\n\r\n');
  const upstream = upstreamOf(chosen);
  forwardUpgrade({ request, socket, head, upstream, headers: forwardedHeaders(request, listener) });
}

function forwardedHeaders(request: IncomingMessage, listener: Listener): Record<string, string | string[] | undefined> {
  const { connection: _connection, 'keep-alive': _keepAlive, upgrade: _upgrade, ...headers } = request.headers;
  const before = headers['x-forwarded-for'];
  const from = request.socket.remoteAddress ?? '127.0.0.1';
  return {
    ...headers,
    'x-forwarded-for': before === undefined ? from : `${String(before)}, ${from}`,
    'x-forwarded-proto': listener.protocol.toLowerCase(),
    'x-forwarded-port': String(listener.port),
    'x-amzn-trace-id':
      headers['x-amzn-trace-id'] ??
      `Root=1-${Math.floor(Date.now() / 1000).toString(16)}-${randomBytes(12).toString('hex')}`,
  };
}

function answerFixed({ FixedResponseConfig: fixed = {} }: Action, response: ServerResponse): void {
  const headers = { server: 'awselb/2.0', 'content-type': fixed.ContentType ?? 'text/plain' };
  response.writeHead(Number(fixed.StatusCode ?? 200), headers).end(fixed.MessageBody ?? '');
}

function answerRedirect(action: Action, listener: Listener, request: IncomingMessage, response: ServerResponse): void {
  const url = new URL(request.url ?? '/', `http://${request.headers.host ?? 'localhost'}`);
  const values: Record<string, string> = {
    protocol: listener.protocol.toLowerCase(),
    host: url.hostname,
    port: String(listener.port),
    path: url.pathname.slice(1),
    query: url.search.slice(1),
  };
  const fill = (text: string): string => text.replace(/#\{(\w+)\}/g, (_, name: string) => values[name] ?? '');
  const { RedirectConfig: redirect = {} } = action;
  const query = fill(redirect.Query ?? '#{query}');
  const location = `${fill(redirect.Protocol ?? '#{protocol}').toLowerCase()}://${fill(redirect.Host ?? '#{host}')}:${fill(redirect.Port ?? '#{port}')}${fill(redirect.Path ?? '/#{path}')}${query === '' ? '' : `?${query}`}`;
  response.writeHead(redirect.StatusCode === 'HTTP_302' ? 302 : 301, { server: 'awselb/2.0', location }).end();
}

function answerError(response: ServerResponse, status: number, text: string): void {
  const body = `<html>\r\n<head><title>${status} ${text}</title></head>\r\n<body>\r\n<center><h1>${status} ${text}</h1></center>\r\n</body>\r\n</html>\r\n`;
  response.writeHead(status, text, { server: 'awselb/2.0', 'content-type': 'text/html' }).end(body);
}
