import { type AgentSpec, hasSignedSearch, parseTemplate, referencesIn } from '../spec/index.js';
import { type GeneratedPart, privateZone } from './naming.js';
import type { FoundationOutput } from './outputs.js';

/** What the environment of a container is computed from. */
export interface EnvironmentScope {
  readonly spec: AgentSpec;
  readonly stage: string;
  /** `r7`; null before there is a release. */
  readonly release: string | null;
}

/** The user of every part that has one; Valkey is reached as its default user. */
export const generatedUser = 'agent';

/** The port of the pooler, which a test compares with that of its construct. */
export const poolerPort = 5432;

/** The port of the proxy that signs requests, which a test compares with that of its construct. */
export const searchProxyPort = 9200;

/** Databases of a Valkey that cache and queue share, as locally. */
const redisDatabases = { cache: 0, queue: 1 } as const;

/**
 * A template in which only these references are left, each of which is one value: `${secrets.NAME}`,
 * `${generated.PART.password}`, `${generated.postgres.pooledUser}` and `${output.NAME}` of the foundation stack.
 *
 * `isMigration`: `${postgres.url}` is the database itself, as a pooler does not give all that a migration may need.
 */
export function atomicTemplate(template: string, scope: EnvironmentScope, isMigration: boolean): string {
  return parseTemplate(template)
    .map((part) => (part.kind === 'text' ? literal(part.text) : atomsOf(part.reference, scope, isMigration)))
    .join('');
}

/** A text that stays as it is when it is parsed again. */
function literal(text: string): string {
  return text.replaceAll('${', () => '$${');
}

function atomsOf(reference: string, scope: EnvironmentScope, isMigration: boolean): string {
  const [section = '', ...rest] = reference.split('.');
  const field = rest.join('.');
  const found = atomsByField(section, field, scope, isMigration);
  if (found === undefined) throw new Error(`nothing to put in place of \${${reference}}`);
  return found;
}

function atomsByField(
  section: string,
  field: string,
  { spec, stage, release }: EnvironmentScope,
  isMigration: boolean,
): string | undefined {
  switch (section) {
    case 'stage':
      return literal(stage);
    case 'release':
      return field === 'id' ? (release ?? 'unreleased') : undefined;
    case 'secrets':
      return `\${secrets.${field}}`;
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
}

/** Whether the agent has a pooler of its own. */
export function hasPooler({ postgres }: Pick<AgentSpec, 'postgres'>): boolean {
  return postgres?.kind === 'managed' && postgres.pooler;
}

type Atoms = Readonly<Partial<Record<string, string>>>;

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

/** Generated passwords are letters and digits, so they stand in a URL as they are. */
function generated(part: GeneratedPart): string {
  return `\${generated.${part}.password}`;
}

function output(name: FoundationOutput): string {
  return `\${output.${name}}`;
}

/** Whether an atomic template holds a secret. */
export function isSecretAtomic(template: string): boolean {
  return referencesIn(template).some((reference) => !reference.startsWith('output.'));
}
