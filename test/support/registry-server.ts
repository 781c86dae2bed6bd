import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { onTestFinished } from 'vitest';

/** What a registry asks of who comes. */
export type RegistryAuth =
  | { readonly kind: 'basic'; readonly username: string; readonly password: string }
  | { readonly kind: 'bearer'; readonly username: string; readonly password: string };

/** A registry of image manifests that behaves like one: tags, digests, authentication, failures. */
export interface RegistryServer {
  /** `127.0.0.1:port`. */
  readonly host: string;
  /** `GET /v2/app/manifests/v1`, in order of arrival; tokens too. */
  readonly requests: readonly string[];
  /** Scopes that tokens were asked for. */
  readonly scopes: readonly string[];
  /** Stores an image and returns its digest. */
  readonly addImage: (tag: string, image: { platform: string; labels?: Record<string, string> }) => string;
  /** Stores an index and returns its digest. */
  readonly addIndex: (tag: string, entries: readonly { digest: string; platform: string }[]) => string;
  readonly tags: Map<string, string>;
  /** Answers the next requests so. */
  readonly fail: (status: number, body?: string, times?: number) => void;
}

const manifestType = 'application/vnd.docker.distribution.manifest.v2+json';
const indexType = 'application/vnd.oci.image.index.v1+json';

export async function registryServer(auth?: RegistryAuth): Promise<RegistryServer> {
  const blobs = new Map<string, { readonly type: string; readonly body: string }>();
  const tags = new Map<string, string>();
  const requests: string[] = [];
  const scopes: string[] = [];
  const failures: { readonly status: number; readonly body: string }[] = [];
  const store = (value: unknown, type: string): string => {
    const body = JSON.stringify(value);
    const digest = `sha256:${createHash('sha256').update(body).digest('hex')}`;
    blobs.set(digest, { type, body });
    return digest;
  };

  const isLetIn = (request: IncomingMessage): boolean => {
    if (auth === undefined) return true;
    return request.headers.authorization === (auth.kind === 'basic' ? basicOf(auth) : 'Bearer a-token');
  };

  const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const url = new URL(request.url ?? '/', 'http://registry');
    requests.push(`${request.method} ${url.pathname}`);
    const failure = failures.shift();
    if (failure !== undefined) return void response.writeHead(failure.status).end(failure.body);
    if (url.pathname === '/token') {
      scopes.push(url.searchParams.get('scope') ?? '');
      const isKnown = auth !== undefined && request.headers.authorization === basicOf(auth);
      return void response.writeHead(isKnown ? 200 : 401).end(JSON.stringify({ token: 'a-token' }));
    }
    if (!isLetIn(request)) {
      const realm = `http://${request.headers.host}/token`;
      const challenge =
        auth?.kind === 'basic' ? 'Basic realm="registry"' : `Bearer realm="${realm}",service="registry"`;
      return void response
        .writeHead(401, { 'www-authenticate': challenge })
        .end('{"errors":[{"code":"UNAUTHORIZED"}]}');
    }
    const [, kind, reference = ''] = /^\/v2\/.+\/(manifests|blobs)\/([^/]+)$/.exec(url.pathname) ?? [];
    if (request.method === 'PUT') {
      const chunks: Buffer[] = [];
      for await (const chunk of request) chunks.push(chunk as Buffer);
      const body = Buffer.concat(chunks).toString('utf8');
      const digest = `sha256:${createHash('sha256').update(body).digest('hex')}`;
      blobs.set(digest, { type: request.headers['content-type'] ?? '', body });
      tags.set(reference, digest);
      return void response.writeHead(201).end();
    }
    const digest = kind === 'manifests' ? (tags.get(reference) ?? reference) : reference;
    const found = blobs.get(digest);
    if (found === undefined) return void response.writeHead(404).end('{"errors":[{"code":"MANIFEST_UNKNOWN"}]}');
    response.writeHead(200, { 'content-type': found.type, 'docker-content-digest': digest });
    response.end(request.method === 'HEAD' ? undefined : found.body);
  };

  const server = createServer((request, response) => void answer(request, response));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return {
    host: `127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests,
    scopes,
    tags,
    addImage(tag, { platform, labels }) {
      const [os, architecture] = platform.split('/');
      const config = store({ os, architecture, config: { Labels: labels ?? null } }, 'application/json');
      const digest = store({ schemaVersion: 2, config: { digest: config }, layers: [] }, manifestType);
      tags.set(tag, digest);
      return digest;
    },
    addIndex(tag, entries) {
      const manifests = entries.map(({ digest, platform }) => {
        const [os, architecture] = platform.split('/');
        return { digest, platform: { os, architecture } };
      });
      const digest = store({ schemaVersion: 2, mediaType: indexType, manifests }, indexType);
      tags.set(tag, digest);
      return digest;
    },
    fail: (status, body = '', times = 1) => {
      for (let count = 0; count < times; count += 1) failures.push({ status, body });
    },
  };
}

function basicOf({ username, password }: RegistryAuth): string {
  return `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`;
}
