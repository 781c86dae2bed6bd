import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import type { FakeWorld } from '../../fake-world.js';
import { passOnUpgrade, passToService, type ServiceAddress } from '../run/pass-on.js';
import { resourceStore } from '../terraform/resource-store.js';
import { type Attributes, block, blocks, text } from '../terraform/resource-type.js';
import { routeRequest } from './route-request.js';

/** The public address of load balancers: a real HTTP server. Its address is `127.0.0.1:port`; TLS is taken off already. */
export async function startFront(world: FakeWorld): Promise<string> {
  const server = createServer((request, response) => void handle(request, response));
  server.requestTimeout = 0;
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  world.onStop(async () => {
    server.closeAllConnections();
    server.close();
    await once(server, 'close');
  });

  /** The URL map, or the service, for a request. */
  const routed = (request: IncomingMessage): Attributes | ServiceAddress | undefined => {
    const map = urlMapOf(world, address);
    if (map === undefined || block(map['default_url_redirect']) !== undefined) return map;
    const host = (request.headers.host ?? '').replace(/:\d+$/, '');
    const backend = routeRequest(map, {
      host,
      path: (request.url ?? '/').split('?')[0] ?? '/',
      headers: request.headers,
    });
    return serviceOf(world, backend);
  };
  const handle = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const found = routed(request);
    if (found !== undefined && 'service' in found) {
      return await passToService(world, found as ServiceAddress, request, response);
    }
    const redirect = block(found?.['default_url_redirect']);
    if (redirect !== undefined) {
      const location = `https://${request.headers.host ?? ''}${request.url ?? '/'}`;
      return void response.writeHead(301, { location }).end();
    }
    response.writeHead(404, { 'content-type': 'text/html' }).end('<title>404</title>The requested URL was not found.');
  };
  server.on('upgrade', (request: IncomingMessage, socket: Socket, head: Buffer) => {
    const found = routed(request);
    const service = found !== undefined && 'service' in found ? (found as ServiceAddress) : undefined;
    void passOnUpgrade(world, '', { request, socket, head }, service);
  });
  return address;
}

/** Of the rule for HTTPS when there is one: what comes here has left its TLS behind. */
function urlMapOf(world: FakeWorld, address: string): Attributes | undefined {
  const store = world.state(resourceStore);
  const rules = [...store.of('google_compute_global_forwarding_rule').values()].filter(
    (rule) => rule['ip_address'] === address,
  );
  const rule = rules.find((each) => text(each['port_range'])?.startsWith('443') === true) ?? rules[0];
  const proxy = byReference(
    world,
    ['google_compute_target_https_proxy', 'google_compute_target_http_proxy'],
    rule?.['target'],
  );
  return byReference(world, ['google_compute_url_map'], proxy?.['url_map']);
}

/** The Cloud Run service behind a backend service, by its serverless endpoint group. */
function serviceOf(world: FakeWorld, backend: string | undefined): ServiceAddress | undefined {
  const found = byReference(world, ['google_compute_backend_service'], backend);
  const [first] = blocks(found?.['backend']);
  const group = byReference(world, ['google_compute_region_network_endpoint_group'], first?.['group']);
  const run = block(group?.['cloud_run']);
  const service = text(run?.['service']);
  return service === undefined ? undefined : { service, tag: text(run?.['tag']) };
}

function byReference(world: FakeWorld, types: readonly string[], reference: unknown): Attributes | undefined {
  const store = world.state(resourceStore);
  const all = types.flatMap((type) => [...store.of(type).values()]);
  return all.find((each) => reference !== undefined && (each['id'] === reference || each['self_link'] === reference));
}
