import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { closeSync, createReadStream, openSync, rmSync, statSync, writeSync } from 'node:fs';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { createImageStore, type ImageStore, type StoredRepository } from './image-store.js';
import { createImagePuller, type ImagePuller } from './unpack-image.js';

/** A real registry (OCI distribution specification 1.1) with the manners of a cloud. */
export interface ImageRegistry {
  /** `127.0.0.1:port`. */
  readonly host: string;
  readonly url: string;
  readonly store: ImageStore;
  readonly puller: ImagePuller;
  readonly username: string;
  readonly password: string;
  /** `PUT /v2/app/manifests/v1`, in order of arrival. */
  readonly requests: readonly string[];
  /** Answers the next requests so. */
  fail(status: number, times?: number): void;
  readonly stop: () => Promise<void>;
}

type Upload = { readonly file: string };

/** In what registries of clouds differ. */
export interface RegistryManners {
  readonly username: string;
  /** Of {@link username}. */
  readonly password: string;
  /** `service` of the challenge. */
  readonly service: string;
  /** Further names of its host in image references. */
  readonly isOwnHost: (host: string) => boolean;
  /** The repository of a request; may make one. */
  readonly find: (store: ImageStore, name: string, isPush: boolean) => StoredRepository | undefined;
  /** The text about one that is not there. */
  readonly notFound: (name: string) => string;
}

/** A registry that keeps what it has in a directory. */
export async function startImageRegistry(directory: string, manners: RegistryManners): Promise<ImageRegistry> {
  const store = createImageStore(join(directory, 'blobs'));
  const { username, password } = manners;
  const requests: string[] = [];
  const failures: number[] = [];
  const uploads = new Map<string, Upload>();

  const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const url = new URL(request.url ?? '/', 'http://registry');
    requests.push(`${request.method} ${url.pathname}`);
    const failure = failures.shift();
    if (failure !== undefined) return refuse(response, failure, 'UNKNOWN', 'injected');
    if (request.headers.authorization !== `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`) {
      response.setHeader(
        'www-authenticate',
        `Basic realm="http://${request.headers.host}/",service="${manners.service}"`,
      );
      return refuse(response, 401, 'UNAUTHORIZED', 'Not Authorized');
    }
    if (/^\/v2\/?$/.test(url.pathname)) return void response.writeHead(200).end('{}');
    const [, name = '', kind = '', reference = ''] =
      /^\/v2\/(.+?)\/(manifests|blobs\/uploads|blobs|tags)\/([^/]*)$/.exec(url.pathname) ?? [];
    const repository = manners.find(store, name, !['GET', 'HEAD'].includes(request.method ?? 'GET'));
    if (repository === undefined) {
      return refuse(response, 404, 'NAME_UNKNOWN', manners.notFound(name));
    }
    const exchange = { request, response, url, repository, reference };
    if (kind === 'manifests') return await manifests(store, exchange);
    if (kind === 'blobs') return blobs(store, exchange);
    if (kind === 'blobs/uploads') return await upload(store, uploads, exchange);
    if (kind === 'tags') return json(response, 200, { name, tags: [...repository.tags.keys()].sort() });
    return refuse(response, 404, 'UNSUPPORTED', url.pathname);
  };

  const server = createServer((request, response) => {
    void answer(request, response).catch((error: unknown) => {
      if (!response.headersSent) refuse(response, 500, 'UNKNOWN', String(error));
      else response.destroy();
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const host = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    host,
    url: `http://${host}`,
    store,
    puller: createImagePuller({
      store,
      isOwnHost: (name) => name === host || manners.isOwnHost(name),
      directory: join(directory, 'unpacked'),
    }),
    username,
    password,
    requests,
    fail: (status, times = 1) => {
      for (let count = 0; count < times; count += 1) failures.push(status);
    },
    stop: async () => {
      for (const { file } of uploads.values()) rmSync(file, { force: true });
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

interface Exchange {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly url: URL;
  readonly repository: StoredRepository;
  readonly reference: string;
}

async function manifests(store: ImageStore, { request, response, repository, reference }: Exchange): Promise<void> {
  if (request.method === 'PUT') {
    const body = await bodyOf(request);
    const mediaType = request.headers['content-type'] ?? 'application/vnd.oci.image.manifest.v1+json';
    const result = store.putManifest(repository, reference, mediaType, body);
    if (result.kind === 'tag-exists') {
      const text = `The image tag '${reference}' already exists in the '${repository.name}' repository and cannot be overwritten because the repository is immutable.`;
      return refuse(response, 400, 'TAG_INVALID', text);
    }
    if (result.kind === 'blob-unknown') return refuse(response, 404, 'BLOB_UNKNOWN', result.digest);
    const location = `/v2/${repository.name}/manifests/${result.digest}`;
    return void response.writeHead(201, { 'docker-content-digest': result.digest, location }).end();
  }
  const found = store.findManifest(repository, reference);
  if (found === undefined) return refuse(response, 404, 'MANIFEST_UNKNOWN', 'Requested image not found');
  if (request.method === 'DELETE') {
    repository.manifests.delete(found.digest);
    for (const [tag, digest] of repository.tags) if (digest === found.digest) repository.tags.delete(tag);
    return void response.writeHead(202).end();
  }
  response.writeHead(200, {
    'content-type': found.mediaType,
    'content-length': found.body.length,
    'docker-content-digest': found.digest,
  });
  response.end(request.method === 'HEAD' ? undefined : found.body);
}

function blobs(store: ImageStore, { request, response, reference }: Exchange): void {
  if (!store.hasBlob(reference)) return refuse(response, 404, 'BLOB_UNKNOWN', reference);
  response.writeHead(200, {
    'content-type': 'application/octet-stream',
    'content-length': store.blobSize(reference),
    'docker-content-digest': reference,
  });
  if (request.method === 'HEAD') response.end();
  else createReadStream(store.blobFile(reference)).pipe(response);
}

async function upload(
  store: ImageStore,
  uploads: Map<string, Upload>,
  { request, response, url, repository, reference }: Exchange,
): Promise<void> {
  const digest = url.searchParams.get('digest');
  const created = (blob: string): void => {
    const location = `/v2/${repository.name}/blobs/${blob}`;
    response.writeHead(201, { location, 'docker-content-digest': blob }).end();
  };
  const accepted = (id: string, file: string, status: number): void => {
    const { size } = statSync(file);
    response.writeHead(status, {
      location: `/v2/${repository.name}/blobs/uploads/${id}`,
      range: `0-${Math.max(size - 1, 0)}`,
      'docker-upload-uuid': id,
    });
    response.end();
  };
  const finish = (id: string, file: string, wanted: string): void => {
    uploads.delete(id);
    if (store.adoptBlob(file, wanted)) created(wanted);
    else refuse(response, 400, 'DIGEST_INVALID', wanted);
  };
  if (request.method === 'POST') {
    const mounted = url.searchParams.get('mount');
    if (mounted !== null && store.hasBlob(mounted)) return created(mounted);
    const id = randomUUID();
    const file = store.blobFile(`upload-${id}`);
    closeSync(openSync(file, 'wx'));
    uploads.set(id, { file });
    await appendBody(request, file);
    return digest === null ? accepted(id, file, 202) : finish(id, file, digest);
  }
  const found = uploads.get(reference);
  if (found === undefined) return refuse(response, 404, 'BLOB_UPLOAD_UNKNOWN', reference);
  switch (request.method) {
    case 'PATCH':
      await appendBody(request, found.file);
      return accepted(reference, found.file, 202);
    case 'PUT':
      await appendBody(request, found.file);
      return digest === null
        ? refuse(response, 400, 'DIGEST_INVALID', 'no digest')
        : finish(reference, found.file, digest);
    case 'DELETE':
      uploads.delete(reference);
      rmSync(found.file, { force: true });
      return void response.writeHead(204).end();
    case undefined:
    default:
      return accepted(reference, found.file, 204);
  }
}

async function appendBody(request: IncomingMessage, file: string): Promise<void> {
  const descriptor = openSync(file, 'a');
  try {
    for await (const chunk of request) writeSync(descriptor, chunk as Buffer);
  } finally {
    closeSync(descriptor);
  }
}

async function bodyOf(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}

function json(response: ServerResponse, status: number, value: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(value));
}

function refuse(response: ServerResponse, status: number, code: string, message: string): void {
  json(response, status, { errors: [{ code, message }] });
}
