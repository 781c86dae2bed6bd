import type { FakeService, GoogleCall, Route } from '../../fake-service.js';
import { reply } from '../../fake-service.js';
import type { FakeWorld } from '../../fake-world.js';
import { GoogleError } from '../../google-error.js';
import { pageOf } from '../../page-of.js';
import { type Bucket, checkPreconditions, preconditionsIn, storageState, type StoredObject } from './storage-state.js';
import { bucketView, mediaHeaders, objectView } from './storage-views.js';
import { uploadRoutes } from './upload-routes.js';

/** Cloud Storage: the JSON API, and what Go's client reads by the XML API. */
export const storage: FakeService = {
  name: 'storage',
  // The XML API comes last: any path is one of its objects.
  routes: (world) => [...bucketRoutes(world), ...uploadRoutes(world), ...objectRoutes(world), ...xmlRoutes(world)],
};

const base = '/storage/v1/b';

function bucketRoutes(world: FakeWorld): readonly Route[] {
  const state = world.state(storageState);
  const patch = ({ path, body }: GoogleCall): unknown => {
    const bucket = state.bucket(path['bucket']);
    bucket.settings = { ...bucket.settings, ...(body as Record<string, unknown>) };
    bucket.metageneration += 1;
    bucket.updatedAt = new Date();
    return bucketView(world, bucket);
  };
  return [
    {
      method: 'POST',
      path: base,
      name: 'buckets.insert',
      handle: ({ body }) => {
        const { name = '', ...settings } = body as { name?: string };
        return bucketView(world, state.createBucket(name, settings));
      },
    },
    {
      method: 'GET',
      path: base,
      name: 'buckets.list',
      handle: () => ({
        kind: 'storage#buckets',
        items: [...state.buckets.values()].map((bucket) => bucketView(world, bucket)),
      }),
    },
    {
      method: 'GET',
      path: `${base}/{bucket}`,
      name: 'buckets.get',
      handle: ({ path }) => bucketView(world, state.bucket(path['bucket'])),
    },
    { method: 'PATCH', path: `${base}/{bucket}`, name: 'buckets.patch', handle: patch },
    { method: 'PUT', path: `${base}/{bucket}`, name: 'buckets.update', handle: patch },
    {
      method: 'DELETE',
      path: `${base}/{bucket}`,
      name: 'buckets.delete',
      handle: ({ path }) => {
        const bucket = state.bucket(path['bucket']);
        if (bucket.live.size + bucket.noncurrent.length > 0) {
          throw new GoogleError('ABORTED', 'The bucket you tried to delete is not empty.', { reason: 'conflict' });
        }
        state.buckets.delete(bucket.name);
        return {};
      },
    },
    {
      method: 'GET',
      path: `${base}/{bucket}/storageLayout`,
      name: 'buckets.getStorageLayout',
      handle: ({ path }) => ({
        kind: 'storage#storageLayout',
        bucket: state.bucket(path['bucket']).name,
        location: world.region.toUpperCase(),
        locationType: 'region',
      }),
    },
    {
      method: 'GET',
      path: `${base}/{bucket}/iam`,
      name: 'buckets.getIamPolicy',
      handle: ({ path }) => ({
        kind: 'storage#policy',
        resourceId: `projects/_/buckets/${state.bucket(path['bucket']).name}`,
        version: 1,
        etag: 'CAE=',
        bindings: [],
      }),
    },
  ];
}

function objectRoutes(world: FakeWorld): readonly Route[] {
  const state = world.state(storageState);
  const one = `${base}/{bucket}/o/{object+}`;
  const find = ({ path, query }: GoogleCall): { bucket: Bucket; object: StoredObject } => {
    const bucket = state.bucket(path['bucket']);
    const object = state.object(bucket, path['object'] ?? '', query.get('generation'));
    checkPreconditions(preconditionsIn(query), object);
    return { bucket, object };
  };
  const get = (call: GoogleCall): unknown => {
    const { bucket, object } = find(call);
    return call.query.get('alt') === 'media' ? media(object, call) : objectView(world, bucket, object);
  };
  return [
    {
      method: 'POST',
      path: `${base}/{bucket}/o/{object+}/rewriteTo/b/{target}/o/{name+}`,
      name: 'objects.rewrite',
      handle: (call) => {
        const from = state.bucket(call.path['bucket']);
        const source = state.object(from, call.path['object'] ?? '', call.query.get('sourceGeneration'));
        const to = state.bucket(call.path['target']);
        const name = call.path['name'] ?? '';
        checkPreconditions(preconditionsIn(call.query), to.live.get(name));
        const made = state.put(to, name, source.data, { contentType: source.contentType });
        const size = String(source.data.length);
        return {
          kind: 'storage#rewriteResponse',
          totalBytesRewritten: size,
          objectSize: size,
          done: true,
          resource: objectView(world, to, made),
        };
      },
    },
    {
      method: 'GET',
      path: `${base}/{bucket}/o`,
      name: 'objects.list',
      handle: ({ path, query }) => {
        const bucket = state.bucket(path['bucket']);
        const prefix = query.get('prefix') ?? '';
        const delimiter = query.get('delimiter') ?? '';
        const all =
          query.get('versions') === 'true'
            ? [...bucket.noncurrent, ...bucket.live.values()]
            : [...bucket.live.values()];
        const found = all
          .filter(({ name }) => name.startsWith(prefix))
          .sort((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : Number(a.generation - b.generation)));
        const folderOf = (name: string): string | undefined => {
          const at = delimiter === '' ? -1 : name.indexOf(delimiter, prefix.length);
          return at < 0 ? undefined : name.slice(0, at + delimiter.length);
        };
        const prefixes = [...new Set(found.flatMap(({ name }) => folderOf(name) ?? []))];
        const { items, next } = pageOf(
          found.filter(({ name }) => folderOf(name) === undefined),
          query,
        );
        return {
          kind: 'storage#objects',
          items: items.map((object) => objectView(world, bucket, object)),
          ...(prefixes.length === 0 ? {} : { prefixes }),
          ...(next === undefined ? {} : { nextPageToken: next }),
        };
      },
    },
    { method: 'GET', path: one, name: 'objects.get', handle: get },
    { method: 'GET', path: '/download/storage/v1/b/{bucket}/o/{object+}', name: 'objects.get', handle: get },
    {
      method: 'DELETE',
      path: one,
      name: 'objects.delete',
      handle: (call) => {
        const { bucket, object } = find(call);
        state.remove(bucket, object.name, call.query.get('generation'));
        return reply(204, {}, '');
      },
    },
    {
      method: 'PATCH',
      path: one,
      name: 'objects.patch',
      handle: (call) => {
        const { bucket, object } = find(call);
        const { metadata = object.metadata } = call.body as { metadata?: Record<string, string> };
        Object.assign(object, { metadata, metageneration: object.metageneration + 1, updatedAt: new Date() });
        return objectView(world, bucket, object);
      },
    },
  ];
}

function xmlRoutes(world: FakeWorld): readonly Route[] {
  const state = world.state(storageState);
  return [
    {
      method: 'GET',
      path: '/{bucket}/{object+}',
      name: 'objects.get',
      handle: (call) => {
        try {
          return media(
            state.object(state.bucket(call.path['bucket']), call.path['object'] ?? '', call.query.get('generation')),
            call,
          );
        } catch (error) {
          if (!(error instanceof GoogleError)) throw error;
          const code = error.message.startsWith('No such object') ? 'NoSuchKey' : 'NoSuchBucket';
          const xml = `<?xml version='1.0' encoding='UTF-8'?><Error><Code>${code}</Code><Message>The specified key does not exist.</Message></Error>`;
          return reply(error.code, { 'content-type': 'application/xml; charset=UTF-8' }, xml);
        }
      },
    },
  ];
}

function media(object: StoredObject, { headers }: GoogleCall): unknown {
  const [, from = '', to = ''] = /^bytes=(\d+)-(\d*)$/.exec(headers.range ?? '') ?? [];
  if (from === '') return reply(200, mediaHeaders(object), object.data);
  const end = to === '' ? object.data.length : Math.min(Number(to) + 1, object.data.length);
  const part = object.data.subarray(Number(from), end);
  return reply(
    206,
    {
      ...mediaHeaders(object),
      'content-length': String(part.length),
      'content-range': `bytes ${from}-${end - 1}/${object.data.length}`,
    },
    part,
  );
}
