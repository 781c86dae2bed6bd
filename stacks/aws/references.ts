import { type AgentSpec, hasSignedSearch } from '../spec/index.js';
import {
  type Atoms,
  type CloudAtoms,
  type EnvironmentScope,
  generatedUser,
  outputAtom,
  passwordAtom as generated,
  redisDatabases,
} from '../stage/atomic-template.js';
import { privateZone } from './naming.js';
import type { FoundationOutput } from './outputs.js';

/** The port of the pooler, which a test compares with that of its construct. */
export const poolerPort = 5432;

/** The port of the proxy that signs requests, which a test compares with that of its construct. */
export const searchProxyPort = 9200;

/** What `${SECTION.FIELD}` is on AWS. */
export const awsAtoms: CloudAtoms = (section, field, { spec, stage }, { kind }) => {
  // A pooler does not give all that a migration may need.
  const isMigration = kind === 'migration';
  switch (section) {
    case 'services':
      return serviceUrl(field, { spec, stage });
    case 'postgres':
      return postgresAtoms(spec, isMigration)[field];
    case 'search':
      return searchAtoms(spec)[field];
    case 'cache':
      return cacheAtoms(spec)[field];
    case 'queue':
      return field === 'url' ? queueUrl(spec) : undefined;
    default:
      return undefined;
  }
};

/** Whether the agent has a pooler of its own. */
export function hasPooler({ postgres }: Pick<AgentSpec, 'postgres'>): boolean {
  return postgres?.kind === 'managed' && postgres.pooler;
}

/** As in a Compose project: `host` is the server itself, `url` goes through the pooler when there is one. */
function postgresAtoms({ postgres, clouds }: AgentSpec, isMigration: boolean): Atoms {
  if (postgres === undefined) return {};
  if (postgres.kind === 'external') return { url: postgres.url, directUrl: postgres.url };
  const host = output('PostgresHost');
  const port = output('PostgresPort');
  const login = `${generatedUser}:${generated('postgres')}`;
  const pooledLogin = `\${generated.postgres.pooledUser}:${generated('postgres')}`;
  const query = clouds.aws?.postgres.urlQuery ?? '';
  const directUrl = `postgresql://${login}@${host}:${port}/${postgres.database}${query === '' ? '' : `?${query}`}`;
  // Clients reach the pooler within the VPC without TLS; it talks TLS with the database.
  const pooledUrl = `postgresql://${pooledLogin}@${output('PoolerHost')}:${poolerPort}/${postgres.database}`;
  return {
    host,
    port,
    user: generatedUser,
    password: generated('postgres'),
    database: postgres.database,
    directUrl,
    url: postgres.pooler && !isMigration ? pooledUrl : directUrl,
  };
}

function searchAtoms(spec: AgentSpec): Atoms {
  const { search } = spec;
  if (search === undefined) return {};
  if (search.kind === 'external') return { url: search.url };
  if (hasSignedSearch(spec)) return { url: `http://127.0.0.1:${searchProxyPort}` };
  const url = `https://${output('SearchEndpoint')}`;
  return { url, username: generatedUser, password: generated('search') };
}

function cacheAtoms({ cache }: AgentSpec): Atoms {
  if (cache === undefined) return {};
  if (cache.kind === 'external') return { url: cache.url };
  const [host, port] = [output('CacheHost'), output('CachePort')];
  return { host, port, password: generated('cache'), url: redisUrl('cache', 'cache') };
}

function queueUrl({ queue, cache }: AgentSpec): string | undefined {
  if (queue === undefined) return undefined;
  if (queue.kind === 'external') return queue.url;
  switch (queue.engine) {
    case 'redis':
      return redisUrl(cache?.kind === 'managed' ? 'cache' : 'queue', 'queue');
    case 'rabbitmq':
      // Without a path every client takes the default virtual host.
      return `amqps://${generatedUser}:${generated('queue')}@${output('BrokerEndpoint')}`;
    case 'managed':
      return output('QueueUrl');
  }
}

function redisUrl(server: 'cache' | 'queue', use: keyof typeof redisDatabases): string {
  const [host, port] =
    server === 'cache' ? (['CacheHost', 'CachePort'] as const) : (['QueueHost', 'QueuePort'] as const);
  return `rediss://:${generated(server)}@${output(host)}:${output(port)}/${redisDatabases[use]}`;
}

function serviceUrl(field: string, { spec, stage }: Pick<EnvironmentScope, 'spec' | 'stage'>): string | undefined {
  const service = field.endsWith('.url') ? field.slice(0, -'.url'.length) : '';
  const port = Object.hasOwn(spec.services, service) ? spec.services[service]?.port : undefined;
  return port === undefined ? undefined : `http://${service}.${privateZone({ name: spec.name, stage })}:${port}`;
}

function output(name: FoundationOutput): string {
  return outputAtom(name);
}
