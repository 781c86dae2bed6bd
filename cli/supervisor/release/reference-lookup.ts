import { AgentctlError } from '../../errors.js';
import type { SecretStore } from '../secret-store.js';
import type { DatabaseEndpoint, Endpoint, Endpoints } from './endpoints.js';

/** What references stand for. */
export interface ReferenceContext {
  readonly stage: string;
  /** Undefined for what belongs to no release. */
  readonly release: string | undefined;
  /** The port a replica must listen on, for `${port}` in commands. */
  readonly port: number | undefined;
  readonly secrets: SecretStore;
  /** Where everything is, for whoever asks. */
  readonly endpoints: Endpoints;
}

/** The user of RabbitMQ. */
const brokerUser = 'agent';

/**
 * The value of a reference; `undefined` when there is none.
 *
 * @throws AgentctlError SecretMissing: a secret without value
 */
export function lookUpReference(reference: string, context: ReferenceContext): string | undefined {
  const { secrets, endpoints } = context;
  const [section = '', ...rest] = reference.split('.');
  const name = rest.join('.');
  switch (section) {
    case 'port':
      return name === '' ? context.port?.toString() : undefined;
    case 'stage':
      return name === '' ? context.stage : undefined;
    case 'release':
      return name === 'id' ? context.release : undefined;
    case 'secrets':
      return secretValue(name, secrets);
    case 'generated':
      return valueNamed(secrets.generated, name);
    case 'postgres':
      return postgresValue(name, endpoints.postgres, secrets.generated['postgres.password']);
    case 'search':
      return endpoints.search === undefined ? undefined : searchValue(name, endpoints.search);
    case 'cache':
      return cacheValue(name, endpoints.cache, secrets.generated['redis.password']);
    case 'queue':
      return name === 'url' ? queueUrl(context) : undefined;
    case 'services':
      return serviceValue(name, endpoints);
    default:
      return undefined;
  }
}

function secretValue(name: string, store: SecretStore): string {
  const value = Object.hasOwn(store.secrets, name) ? store.secrets[name] : undefined;
  if (value !== undefined) return value;
  throw new AgentctlError('SecretMissing', `secret ${name} has no value`, {
    fix: `Run \`agentctl secrets set ${name}\`.`,
  });
}

function postgresValue(
  name: string,
  postgres: DatabaseEndpoint | undefined,
  password: string | undefined,
): string | undefined {
  if (postgres === undefined || password === undefined) return undefined;
  const { user, database, host, pooled } = postgres;
  const urlAt = (at: Endpoint): string =>
    `postgresql://${encodeURIComponent(user)}:${encodeURIComponent(password)}@${at.host}:${at.port}/${encodeURIComponent(database)}`;
  const port = String(postgres.port);
  const values = { host, port, user, password, database, url: urlAt(pooled ?? postgres), directUrl: urlAt(postgres) };
  return valueNamed(values, name);
}

/** Its security plugin is off: it takes any user name and password, so these are no secrets. */
function searchValue(name: string, { host, port }: Endpoint): string | undefined {
  return valueNamed({ url: `http://${host}:${port}`, username: 'admin', password: 'not-checked' }, name);
}

function cacheValue(name: string, cache: Endpoint | undefined, password: string | undefined): string | undefined {
  if (cache === undefined || password === undefined) return undefined;
  const url = redisUrl(cache, password, 0);
  return valueNamed({ host: cache.host, port: String(cache.port), password, url }, name);
}

function queueUrl({ endpoints: { queue }, secrets: { generated } }: ReferenceContext): string | undefined {
  const password = queue === undefined ? undefined : generated[queue.password];
  if (queue === undefined || password === undefined) return undefined;
  if (queue.kind === 'redis') return redisUrl(queue, password, 1);
  // Without a path every client takes the default virtual host; with `/` some take one that does not exist.
  return `amqp://${brokerUser}:${encodeURIComponent(password)}@${queue.host}:${queue.port}`;
}

/** Cache and queue may share a server, in databases of their own. */
function redisUrl({ host, port }: Endpoint, password: string, database: number): string {
  return `redis://:${encodeURIComponent(password)}@${host}:${port}/${database}`;
}

function serviceValue(name: string, { services }: Endpoints): string | undefined {
  if (!name.endsWith('.url')) return undefined;
  const port = valueNamed(services.ports, name.slice(0, -'.url'.length));
  return port === undefined ? undefined : `http://${services.host}:${port}`;
}

function valueNamed<T>(values: Readonly<Record<string, T>>, name: string): T | undefined {
  return Object.hasOwn(values, name) ? values[name] : undefined;
}
