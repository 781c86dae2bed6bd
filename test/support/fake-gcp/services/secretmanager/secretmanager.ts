import type { FakeService, GoogleCall, Route } from '../../fake-service.js';
import type { FakeWorld } from '../../fake-world.js';
import { crc32c } from '../../crc32c.js';
import { GoogleError, notFound } from '../../google-error.js';
import { pageOf } from '../../page-of.js';
import { type Secret, secretStore, type SecretVersion } from './secret-store.js';

/** Secret Manager v1. */
export const secretmanager: FakeService = { name: 'secretmanager', routes };

const base = '/v1/projects/{project}/secrets';
const one = `${base}/{secret}`;
/** Secret Manager, "Quotas and limits": 64 KiB. */
const largestBytes = 65_536;

function routes(world: FakeWorld): readonly Route[] {
  const store = world.state(secretStore);
  const named = ({ path }: GoogleCall): Secret => {
    const found = store.secrets.get(path['secret'] ?? '');
    if (found === undefined)
      throw notFound(`Secret [projects/${world.projectNumber}/secrets/${path['secret']}] not found.`);
    return found;
  };
  const versionOf = (call: GoogleCall): { secret: Secret; version: SecretVersion } => {
    const secret = named(call);
    const version = secret.find(call.path['version'] ?? '');
    if (version === undefined)
      throw notFound(`Secret Version [${nameOf(secret)}/versions/${call.path['version']}] not found.`);
    return { secret, version };
  };
  const nameOf = (secret: Secret): string => `projects/${world.projectNumber}/secrets/${secret.name}`;
  const view = (secret: Secret): unknown => ({
    name: nameOf(secret),
    replication: secret.replication,
    createTime: secret.createdAt.toISOString(),
    labels: secret.labels,
    annotations: secret.annotations,
    etag: `"${secret.createdAt.getTime().toString(16)}"`,
  });
  const versionView = (secret: Secret, { number, createdAt, state, destroyedAt }: SecretVersion): unknown => ({
    name: `${nameOf(secret)}/versions/${number}`,
    createTime: createdAt.toISOString(),
    state,
    ...(destroyedAt === undefined ? {} : { destroyTime: destroyedAt.toISOString() }),
    replicationStatus: { automatic: {} },
    etag: `"${number}${state}"`,
    clientSpecifiedPayloadChecksum: true,
  });
  const change = (state: SecretVersion['state'], verb: string): Route => ({
    method: 'POST',
    path: `${one}/versions/{version}:${verb}`,
    name: `projects.secrets.versions.${verb}`,
    handle: (call) => {
      const { secret, version } = versionOf(call);
      if (version.state === 'DESTROYED') {
        const message = `Secret Version [${nameOf(secret)}/versions/${version.number}] is in DESTROYED state.`;
        throw new GoogleError('FAILED_PRECONDITION', message);
      }
      version.state = state;
      if (state === 'DESTROYED') Object.assign(version, { destroyedAt: new Date(), data: undefined });
      return versionView(secret, version);
    },
  });
  return [
    {
      method: 'POST',
      path: base,
      name: 'projects.secrets.create',
      handle: ({ query, body }) => {
        const name = query.get('secretId') ?? '';
        if (!/^[\w-]{1,255}$/.test(name))
          throw new GoogleError(
            'INVALID_ARGUMENT',
            `The provided Secret ID [${name}] does not match the expected format [[a-zA-Z_0-9]+].`,
          );
        if (store.secrets.has(name))
          throw new GoogleError(
            'ALREADY_EXISTS',
            `Secret [projects/${world.projectNumber}/secrets/${name}] already exists.`,
          );
        return view(store.create(name, body ?? {}));
      },
    },
    {
      method: 'GET',
      path: base,
      name: 'projects.secrets.list',
      handle: ({ query }) => {
        const found = [...store.secrets.values()].filter((secret) => matches(query.get('filter'), secret));
        const { items, next } = pageOf(
          found.sort((a, b) => (a.name < b.name ? -1 : 1)),
          query,
        );
        return {
          secrets: items.map(view),
          totalSize: found.length,
          ...(next === undefined ? {} : { nextPageToken: next }),
        };
      },
    },
    { method: 'GET', path: one, name: 'projects.secrets.get', handle: (call) => view(named(call)) },
    {
      method: 'PATCH',
      path: one,
      name: 'projects.secrets.patch',
      handle: (call) => {
        const secret = named(call);
        const { labels = secret.labels, annotations = secret.annotations } = (call.body ?? {}) as Partial<Secret>;
        Object.assign(secret, { labels, annotations });
        return view(secret);
      },
    },
    {
      method: 'DELETE',
      path: one,
      name: 'projects.secrets.delete',
      handle: (call) => {
        store.secrets.delete(named(call).name);
        return {};
      },
    },
    {
      method: 'POST',
      path: `${one}:addVersion`,
      name: 'projects.secrets.addVersion',
      handle: (call) => {
        const secret = named(call);
        const { payload = {} } = (call.body ?? {}) as { payload?: { data?: string; dataCrc32c?: string } };
        const data = Buffer.from(payload.data ?? '', 'base64');
        if (data.length > largestBytes)
          throw new GoogleError('INVALID_ARGUMENT', `The provided payload is larger than ${largestBytes} bytes.`);
        if (payload.dataCrc32c !== undefined && payload.dataCrc32c !== String(crc32c(data))) {
          throw new GoogleError('INVALID_ARGUMENT', 'The provided checksum does not match the payload.');
        }
        return versionView(secret, secret.add(data));
      },
    },
    {
      method: 'GET',
      path: `${one}/versions`,
      name: 'projects.secrets.versions.list',
      handle: (call) => {
        const secret = named(call);
        const { items, next } = pageOf(secret.versions.toReversed(), call.query);
        return {
          versions: items.map((version) => versionView(secret, version)),
          totalSize: secret.versions.length,
          ...(next === undefined ? {} : { nextPageToken: next }),
        };
      },
    },
    {
      method: 'GET',
      path: `${one}/versions/{version}:access`,
      name: 'projects.secrets.versions.access',
      handle: (call) => {
        const { secret, version } = versionOf(call);
        if (version.data === undefined || version.state !== 'ENABLED') {
          throw new GoogleError(
            'FAILED_PRECONDITION',
            `Secret Version [${nameOf(secret)}/versions/${version.number}] is in ${version.state} state.`,
          );
        }
        return {
          name: `${nameOf(secret)}/versions/${version.number}`,
          payload: { data: version.data.toString('base64'), dataCrc32c: String(crc32c(version.data)) },
        };
      },
    },
    {
      method: 'GET',
      path: `${one}/versions/{version}`,
      name: 'projects.secrets.versions.get',
      handle: (call) => {
        const { secret, version } = versionOf(call);
        return versionView(secret, version);
      },
    },
    change('ENABLED', 'enable'),
    change('DISABLED', 'disable'),
    change('DESTROYED', 'destroy'),
  ];
}

/** `name:text`, `labels.a=b`, joined by AND (Secret Manager, "List filtering"). */
function matches(filter: string | null, secret: Secret): boolean {
  if (filter === null || filter === '') return true;
  return filter.split(/\s+AND\s+/).every((part) => {
    const [, field = '', , value = ''] = /^\s*([\w.-]+)\s*([:=])\s*"?([^"]*)"?\s*$/.exec(part) ?? [];
    if (field === 'name') return secret.name.includes(value);
    if (field.startsWith('labels.')) return secret.labels[field.slice('labels.'.length)] === value;
    throw new GoogleError('INVALID_ARGUMENT', `the fake does not know the filter ${part}`);
  });
}
