import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { forwardRequest, forwardUpgrade } from '../../../cloud/http/forward-request.js';
import type { FakeWorld } from '../../fake-world.js';
import { answerLog } from '../monitoring/answer-log.js';
import type { Instance } from './instance.js';
import { runState } from './run-state.js';

/** Sends a request to an instance of the service, or of the tag, that the host name stands for. */
export async function passOn(
  world: FakeWorld,
  host: string,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const found = serviceOf(world, host);
  if (found === undefined) return refuse(response, 404, 'Page not found');
  await passToService(world, found, request, response);
}

/** A service, and the tag whose revision is meant. */
export interface ServiceAddress {
  readonly service: string;
  readonly tag: string | undefined;
}

/** Sends a request to a service as its traffic is split. */
export async function passToService(
  world: FakeWorld,
  { service, tag }: ServiceAddress,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const found = await instanceFor(world, service, tag);
  if (found === undefined) {
    const isKnown = world.state(runState).services.has(service) && tag === undefined;
    return refuse(response, isKnown ? 503 : 404, isKnown ? 'Service Unavailable' : 'Page not found');
  }
  response.once('finish', () => {
    world.state(answerLog).push({ service, revision: found.revision, status: response.statusCode, at: new Date() });
  });
  forwardRequest({
    request,
    response,
    upstream: found.instance,
    headers: forwardedHeaders(request),
    idleSeconds: 300,
    refuse: (_status, text) => refuse(response, 503, text),
  });
}

export async function passOnUpgrade(
  world: FakeWorld,
  host: string,
  { request, socket, head }: { readonly request: IncomingMessage; readonly socket: Socket; readonly head: Buffer },
  address: ServiceAddress | undefined = serviceOf(world, host),
): Promise<void> {
  const found = address === undefined ? undefined : await instanceFor(world, address.service, address.tag);
  if (found === undefined) return void socket.end('HTTP/1.1 503 Service Unavailable\r\n\r\n');
  forwardUpgrade({ request, socket, head, upstream: found.instance, headers: forwardedHeaders(request) });
}

/** By the shares of traffic; by tag when one is named. */
async function instanceFor(
  world: FakeWorld,
  service: string,
  tag: string | undefined,
): Promise<{ readonly instance: Instance; readonly revision: string } | undefined> {
  const workload = world.state(runState).services.get(service);
  if (workload === undefined) return undefined;
  let at = Math.random() * 100;
  const target =
    tag === undefined
      ? workload.traffic.find(({ percent = 0 }) => percent > 0 && (at -= percent) < 0)
      : workload.traffic.find((each) => each.tag === tag);
  const revision = target?.revisionName ?? '';
  const instance = await workload.revisions.get(revision)?.choose();
  return instance === undefined ? undefined : { instance, revision };
}

/** `candidate---web-123.europe-west3.run.app` */
function serviceOf(world: FakeWorld, host: string): ServiceAddress | undefined {
  const [, tag, service] = /^(?:([a-z0-9-]+)---)?([a-z0-9-]+)-\d+\.[a-z0-9-]+\.run\.app$/.exec(host) ?? [];
  return service === undefined || !world.state(runState).services.has(service) ? undefined : { service, tag };
}

function forwardedHeaders(request: IncomingMessage): Record<string, string | string[] | undefined> {
  const {
    connection: _connection,
    'keep-alive': _keepAlive,
    upgrade: _upgrade,
    'proxy-connection': _proxy,
    ...headers
  } = request.headers;
  const before = headers['x-forwarded-for'];
  const from = request.socket.remoteAddress ?? '127.0.0.1';
  return {
    ...headers,
    'x-forwarded-for': before === undefined ? from : `${String(before)}, ${from}`,
    'x-forwarded-proto': 'https',
  };
}

function refuse(response: ServerResponse, status: number, text: string): void {
  const body = `<html><head><title>${status} ${text}</title></head><body><h1>Error: ${text}</h1></body></html>`;
  response.writeHead(status, { 'content-type': 'text/html; charset=UTF-8', server: 'Google Frontend' }).end(body);
}
