import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';

interface StoredObject {
  readonly content: string;
  readonly generation: number;
}

/** As much of Cloud Storage as Terraform's backend `gcs` needs: its lock is an object, which stays when its owner dies. */
export interface StateServer {
  /** The `terraform.backend` block of a state. */
  backend(name: string): object;
  /** How Terraform gets here. */
  readonly environment: Readonly<Record<string, string>>;
  /** The state as it was written last; undefined: never. */
  state(name: string): string | undefined;
  /** What the holder of the lock said of itself; undefined: it is free. */
  lock(name: string): Readonly<Record<string, string>> | undefined;
  /** Takes the lock as somebody else would; returns its id. */
  takeLock(name: string, info: Readonly<Record<string, string>>): string;
  freeLock(name: string): void;
  /** Whether objects are refused from now on, as by a bucket that may only be read. */
  readOnly: boolean;
  /** So many deletions lose their connection, `before` they are done or `after` it. */
  breakDeletions(times: number, when: 'before' | 'after'): void;
  /** Every text that was sent. */
  readonly received: readonly string[];
  stop(): Promise<void>;
}

const bucket = 'states';

/** Starts one on loopback. */
export async function startStateServer(): Promise<StateServer> {
  const objects = new Map<string, StoredObject>();
  const received: string[] = [];
  let broken: { times: number; when: 'before' | 'after' } = { times: 0, when: 'before' };
  let generation = 1_700_000_000_000_000;
  const put = (name: string, content: string): StoredObject => {
    const stored = { content, generation: (generation += 1) };
    objects.set(name, stored);
    return stored;
  };
  const upload = (query: URLSearchParams, body: string): Answer => {
    const [metadata = '', content = ''] = partsOf(body);
    const name = (JSON.parse(metadata) as { name: string }).name;
    if (query.get('ifGenerationMatch') === '0' && objects.has(name)) return failed(412, 'conditionNotMet');
    return { status: 200, json: resourceOf(name, put(name, content)) };
  };
  const answer = (method: string, url: URL, body: string): Answer => {
    if (method !== 'GET' && server.readOnly) return failed(403, 'does not have storage.objects.create access');
    if (url.pathname.startsWith('/upload/')) return upload(url.searchParams, body);
    // Content is read by the older API, without `/storage/v1`: /<bucket>/<object>.
    const [, name] =
      /^\/storage\/v1\/b\/states\/o\/(.+)$/.exec(url.pathname) ?? /^\/states\/(.+)$/.exec(url.pathname) ?? [];
    if (name === undefined) return { status: 200, json: { kind: 'storage#objects', items: [] } };
    const key = decodeURIComponent(name);
    const stored = objects.get(key);
    if (stored === undefined) return failed(404, 'No such object');
    const match = url.searchParams.get('ifGenerationMatch');
    if (match !== null && match !== String(stored.generation)) return failed(412, 'conditionNotMet');
    if (method === 'DELETE') {
      objects.delete(key);
      return { status: 204 };
    }
    return url.pathname.startsWith(`/${bucket}/`)
      ? { status: 200, text: stored.content }
      : { status: 200, json: resourceOf(key, stored) };
  };
  const handle = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const body = await text(request);
    received.push(body);
    const isBroken = request.method === 'DELETE' && (broken.times -= 1) >= 0;
    if (isBroken && broken.when === 'before') return void request.socket.destroy();
    const { status, json, text: content } = answer(request.method ?? '', new URL(request.url ?? '', 'http://x'), body);
    if (isBroken) return void request.socket.destroy();
    response.writeHead(
      status,
      json === undefined
        ? { 'x-goog-generation': '1', 'x-goog-metageneration': '1' }
        : { 'content-type': 'application/json' },
    );
    response.end(json === undefined ? content : JSON.stringify(json));
  };
  const listener = createServer((request, response) => void handle(request, response));
  listener.listen(0, '127.0.0.1');
  await once(listener, 'listening');
  const { port } = listener.address() as AddressInfo;
  const server: StateServer = {
    backend: (name) => ({ gcs: { bucket, prefix: name } }),
    environment: {
      GOOGLE_BACKEND_STORAGE_CUSTOM_ENDPOINT: `http://127.0.0.1:${port}/storage/v1/`,
      GOOGLE_OAUTH_ACCESS_TOKEN: 'not-a-token',
    },
    state: (name) => objects.get(`${name}/default.tfstate`)?.content,
    lock: (name) => {
      const holder = objects.get(`${name}/default.tflock`);
      return holder === undefined ? undefined : (JSON.parse(holder.content) as Record<string, string>);
    },
    takeLock: (name, info) => String(put(`${name}/default.tflock`, JSON.stringify(info)).generation),
    freeLock: (name) => void objects.delete(`${name}/default.tflock`),
    readOnly: false,
    breakDeletions: (times, when) => void (broken = { times, when }),
    received,
    stop: async () => {
      listener.close();
      listener.closeAllConnections();
      await once(listener, 'close');
    },
  };
  return server;
}

interface Answer {
  readonly status: number;
  readonly json?: object;
  readonly text?: string;
}

function failed(code: number, message: string): Answer {
  return { status: code, json: { error: { code, message, errors: [{ reason: message, message }] } } };
}

function resourceOf(name: string, { content, generation }: StoredObject): object {
  return {
    kind: 'storage#object',
    bucket,
    name,
    generation: String(generation),
    metageneration: '1',
    size: String(content.length),
  };
}

/** Of a multipart body, what is in its parts. */
function partsOf(body: string): readonly string[] {
  const [boundary = ''] = body.split('\r\n');
  return body
    .split(boundary)
    .slice(1, -1)
    .map((part) => part.slice(part.indexOf('\r\n\r\n') + 4).replace(/\r\n$/, ''));
}
