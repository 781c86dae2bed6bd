import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { credentials } from './credentials.js';
import { makeEdge } from './edge.js';
import type { FakeWorld } from './fake-world.js';
import type { Fault } from '../cloud/fault.js';
import { makeFaults } from '../cloud/make-faults.js';
import { makeWorld } from './make-world.js';
import { quickRetries, withQuickRetries } from './quick-retries.js';
import type { RecordedCall } from '../cloud/recorded-call.js';
import { resourceFaults, type ResourceFault } from './resource-fault.js';
import { services } from './services/index.js';

/** Options of a fake; every one has a default. */
export interface FakeAwsOptions {
  /** @default '123456789012' */
  readonly accountId?: string;
  /** @default 'eu-central-1' */
  readonly region?: string;
}

/** AWS in this process, at one HTTP address. */
export interface FakeAws {
  readonly url: string;
  readonly world: FakeWorld;
  /** What a child process needs to reach it and nothing else: endpoint, region, keys of its own. */
  readonly environment: () => Record<string, string>;
  readonly calls: readonly RecordedCall[];
  /** Lets calls go wrong; returns what takes the fault back. */
  readonly fail: (fault: Fault) => () => void;
  /** Lets CloudFormation's work on a resource fail or wait; returns what takes that back. */
  readonly failResource: (fault: ResourceFault) => () => void;
  /** Resolves when nothing goes on in the background. */
  readonly idle: () => Promise<void>;
  /** Ends it. Throws what the fake did wrong or was asked for and does not have. */
  readonly stop: () => Promise<void>;
}

/** Starts one. Stop it: it owns processes and a directory. */
export async function startFakeAws(options: FakeAwsOptions = {}): Promise<FakeAws> {
  const { accountId = '123456789012', region = 'eu-central-1' } = options;
  quickRetries();
  const server = createServer((request, response) => void handle(request, response));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  // An address, not a name: clients then put buckets into the path, and docker takes a registry here without TLS.
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const { world, idle, close } = await makeWorld(url, accountId, region);
  const calls: RecordedCall[] = [];
  const faults = makeFaults();
  const edge = makeEdge(world, services, faults, calls);
  const plainServers = services.flatMap(({ serve }) => (serve === undefined ? [] : [serve(world)]));
  const keys = world.state(credentials).issue(world.arn('iam', 'user/tester'), 'AKIA');

  async function handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    try {
      const { authorization = '' } = request.headers;
      const target = new URL(request.url ?? '/', url);
      if (!authorization.startsWith('AWS4-') && !target.searchParams.has('X-Amz-Credential')) {
        for (const serve of plainServers) if (await serve(request, response)) return;
      }
      const chunks: Buffer[] = [];
      for await (const chunk of request) chunks.push(chunk as Buffer);
      const [path = '/'] = (request.url ?? '/').split('?');
      const ending = await edge.answer({
        method: request.method ?? 'GET',
        path,
        query: target.searchParams,
        headers: request.headers,
        body: Buffer.concat(chunks),
      });
      if (ending === 'cut') return void request.socket.destroy();
      if (ending === 'reset') return void request.socket.resetAndDestroy();
      response.writeHead(ending.status, ending.headers).end(ending.body);
    } catch {
      // The client went away while it sent.
      request.socket.destroy();
    }
  }

  return {
    url,
    world,
    calls,
    idle,
    fail: faults.add,
    failResource: (fault) => world.state(resourceFaults).add(fault),
    environment: () => ({
      AWS_ENDPOINT_URL: url,
      AWS_REGION: region,
      AWS_DEFAULT_REGION: region,
      AWS_ACCESS_KEY_ID: keys.accessKeyId,
      AWS_SECRET_ACCESS_KEY: keys.secretAccessKey,
      AWS_EC2_METADATA_DISABLED: 'true',
      AWS_CONFIG_FILE: join(world.directory, 'no-config'),
      AWS_SHARED_CREDENTIALS_FILE: join(world.directory, 'no-credentials'),
      // The toolkit remembers accounts of keys in its home.
      CDK_HOME: join(world.directory, 'cdk'),
      NODE_OPTIONS: withQuickRetries(process.env['NODE_OPTIONS']),
    }),
    async stop() {
      server.closeAllConnections();
      server.close();
      const problems = [...(await close()), ...edge.mistakes];
      if (problems.length > 0) throw new AggregateError(problems, `fake AWS: ${problems.map(String).join('; ')}`);
    },
  };
}
