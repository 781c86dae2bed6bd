import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { join } from 'node:path';
import type { Fault } from '../cloud/fault.js';
import { makeCloudWorld } from '../cloud/make-cloud-world.js';
import { makeFaults } from '../cloud/make-faults.js';
import type { RecordedCall } from '../cloud/recorded-call.js';
import { makeEdge } from './edge.js';
import type { FakeWorld } from './fake-world.js';
import { services } from './services/index.js';
import { passOn, passOnUpgrade } from './services/run/pass-on.js';

/** Options of a fake; every one has a default. */
export interface FakeGcpOptions {
  /** @default 'acme-test' */
  readonly project?: string;
  /** @default '123456789012' */
  readonly projectNumber?: string;
  /** @default 'europe-west3' */
  readonly region?: string;
}

/** Google Cloud in this process, at one HTTP address. */
export interface FakeGcp {
  readonly url: string;
  readonly world: FakeWorld;
  /** What gcloud, Terraform and our CLI need to reach it and nothing else: endpoints, project, a token. */
  readonly environment: () => Record<string, string>;
  readonly calls: readonly RecordedCall[];
  /** Lets calls go wrong; returns what takes the fault back. */
  readonly fail: (fault: Fault) => () => void;
  /** Resolves when nothing goes on in the background. */
  readonly idle: () => Promise<void>;
  /** Ends it. Throws what the fake did wrong or was asked for and does not have. */
  readonly stop: () => Promise<void>;
}

/** Starts one. Stop it: it owns processes and a directory. */
export async function startFakeGcp(options: FakeGcpOptions = {}): Promise<FakeGcp> {
  const { project = 'acme-test', projectNumber = '123456789012', region = 'europe-west3' } = options;
  const server = createServer((request, response) => void handle(request, response));
  // Streams last as long as the service lets them.
  server.requestTimeout = 0;
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const url = `http://127.0.0.1:${port}`;
  const accessToken = `ya29.fake-${randomBytes(12).toString('hex')}`;
  const owned = await makeCloudWorld('fake-gcp', url, { project, projectNumber, region, accessToken });
  const world: FakeWorld = owned.world;
  const calls: RecordedCall[] = [];
  const faults = makeFaults();
  const edge = makeEdge(world, services, faults, calls);

  async function handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    try {
      const host = hostOf(request);
      if (host.endsWith('.run.app')) return await passOn(world, host, request, response);
      const chunks: Buffer[] = [];
      for await (const chunk of request) chunks.push(chunk as Buffer);
      const target = new URL(request.url ?? '/', url);
      const [path = '/'] = (request.url ?? '/').replace(/^http:\/\/[^/]+/, '').split('?');
      const { method = 'GET', headers } = request;
      const ending = await edge.answer(
        { method, path, query: target.searchParams, headers, body: Buffer.concat(chunks) },
        host,
      );
      if (ending === 'cut') return void request.socket.destroy();
      if (ending === 'reset') return void request.socket.resetAndDestroy();
      response.writeHead(ending.status, ending.headers).end(ending.body);
    } catch {
      // The client went away while it sent.
      request.socket.destroy();
    }
  }
  server.on('upgrade', (request: IncomingMessage, socket: Socket, head: Buffer) => {
    void passOnUpgrade(world, hostOf(request), { request, socket, head });
  });

  return {
    url,
    world,
    calls,
    idle: owned.idle,
    fail: faults.add,
    environment: () => ({
      CLOUDSDK_CONFIG: join(world.directory, 'gcloud'),
      CLOUDSDK_AUTH_ACCESS_TOKEN: accessToken,
      CLOUDSDK_CORE_PROJECT: project,
      CLOUDSDK_COMPONENT_MANAGER_DISABLE_UPDATE_CHECK: '1',
      // It would look for the machine's own account first, which costs seconds.
      CLOUDSDK_CORE_CHECK_GCE_METADATA: 'false',
      // gcloud puts the region before the host of Cloud Run: a name that only the proxy can lead to.
      CLOUDSDK_PROXY_TYPE: 'http',
      CLOUDSDK_PROXY_ADDRESS: '127.0.0.1',
      CLOUDSDK_PROXY_PORT: String(port),
      ...Object.fromEntries(
        services
          .filter(({ name }) => name !== 'terraform')
          .map(({ name }) => [
            `CLOUDSDK_API_ENDPOINT_OVERRIDES_${name.toUpperCase()}`,
            name === 'run'
              ? 'http://run.googleapis.com/'
              : name === 'storage'
                ? `${url}/storage/v1/`
                : `${url}/-/${name}/`,
          ]),
      ),
      GOOGLE_CLOUD_RUN_V2_CUSTOM_ENDPOINT: `${url}/-/run/v2/`,
      GOOGLE_OAUTH_ACCESS_TOKEN: accessToken,
      GOOGLE_BACKEND_STORAGE_CUSTOM_ENDPOINT: `${url}/storage/v1/`,
      GOOGLE_STORAGE_CUSTOM_ENDPOINT: `${url}/storage/v1/`,
      GOOGLE_CLOUD_PROJECT: project,
    }),
    async stop() {
      server.closeAllConnections();
      server.close();
      const problems = [...(await owned.close()), ...edge.mistakes];
      if (problems.length > 0)
        throw new AggregateError(problems, `fake Google Cloud: ${problems.map(String).join('; ')}`);
    },
  };
}

/** Of a whole URL, as a proxy gets it, or of the header. */
function hostOf({ url = '/', headers }: IncomingMessage): string {
  const [, named] = /^http:\/\/([^/?]+)/.exec(url) ?? [];
  return (named ?? headers.host ?? '').replace(/:\d+$/, '').toLowerCase();
}
