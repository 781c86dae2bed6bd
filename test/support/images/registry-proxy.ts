import { once } from 'node:events';
import { createServer, type IncomingMessage, request as httpRequest } from 'node:http';
import type { AddressInfo } from 'node:net';

/** What is answered in place of the registry; undefined: what the registry says. */
export type Intercept = (request: IncomingMessage) => { readonly status: number; readonly body?: string } | undefined;

/** A proxy in front of a registry that counts, refuses, holds up and meddles. */
export interface RegistryProxy {
  /** `127.0.0.1:port`. */
  readonly host: string;
  /** `PUT /v2/app/manifests/v1` of every request that the registry has accepted. */
  readonly accepted: string[];
  intercept: Intercept;
  /** Runs after the registry has answered a request, before the answer is handed on. */
  afterwards: (line: string) => Promise<void>;
  readonly stop: () => void;
}

export async function registryProxy(upstreamPort: number): Promise<RegistryProxy> {
  const server = createServer((request, response) => {
    const line = `${request.method} ${request.url?.split('?')[0]}`;
    const instead = proxy.intercept(request);
    if (instead !== undefined) {
      request.resume();
      const challenge = instead.status === 401 ? { 'www-authenticate': 'Basic realm="registry"' } : {};
      response.writeHead(instead.status, { 'content-type': 'application/json', ...challenge }).end(instead.body);
      return;
    }
    const { method, url, headers } = request;
    // The registry makes addresses from the name it is called by, which has to be ours.
    const upstream = httpRequest({ host: '127.0.0.1', port: upstreamPort, method, path: url, headers }, (answer) => {
      const status = answer.statusCode ?? 500;
      if (status < 400) proxy.accepted.push(line);
      void proxy.afterwards(line).then(() => {
        response.writeHead(status, answer.headers);
        answer.pipe(response);
      });
    });
    upstream.on('error', () => response.destroy());
    request.on('error', () => upstream.destroy());
    response.on('close', () => upstream.destroy());
    request.pipe(upstream);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const proxy: RegistryProxy = {
    host: `127.0.0.1:${(server.address() as AddressInfo).port}`,
    accepted: [],
    intercept: () => undefined,
    afterwards: () => Promise.resolve(),
    stop: () => {
      server.closeAllConnections();
      server.close();
    },
  };
  return proxy;
}
