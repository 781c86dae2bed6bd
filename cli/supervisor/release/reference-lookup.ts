import { AgentctlError } from '../../errors.js';
import type { SecretStore } from '../secret-store.js';

/** What references stand for in the process runtime. */
export interface ReferenceContext {
  readonly stage: string;
  /** Undefined for what belongs to no release. */
  readonly release: string | undefined;
  /** The port a replica must listen on, for `${port}` in commands. */
  readonly port: number | undefined;
  readonly secrets: SecretStore;
  readonly postgres: { readonly port: number; readonly user: string; readonly database: string } | undefined;
  readonly redis: { readonly port: number } | undefined;
  /** Internal listener of each service, by name. */
  readonly servicePorts: Readonly<Record<string, number>>;
}

const host = '127.0.0.1';

/**
 * The value of a reference; `undefined` when there is none.
 *
 * @throws AgentctlError SecretMissing: a secret without value
 */
export function lookUpReference(reference: string, context: ReferenceContext): string | undefined {
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
      return secretValue(name, context.secrets);
    case 'postgres':
      return postgresValue(name, context);
    case 'cache':
      return cacheValue(name, context);
    case 'queue':
      return name === 'url' ? redisUrl(context, 1) : undefined;
    case 'services':
      return serviceValue(name, context);
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

function postgresValue(name: string, { postgres, secrets }: ReferenceContext): string | undefined {
  const password = secrets.generated['postgres.password'];
  if (postgres === undefined || password === undefined) return undefined;
  const { user, database } = postgres;
  const port = String(postgres.port);
  const url = `postgresql://${encodeURIComponent(user)}:${encodeURIComponent(password)}@${host}:${port}/${encodeURIComponent(database)}`;
  // There is no pooler in front of a local server: both URLs are the same.
  const values = { host, port, user, password, database, url, directUrl: url };
  return valueNamed(values, name);
}

function cacheValue(name: string, context: ReferenceContext): string | undefined {
  const password = context.secrets.generated['redis.password'];
  const url = redisUrl(context, 0);
  if (context.redis === undefined || password === undefined || url === undefined) return undefined;
  return valueNamed({ host, port: String(context.redis.port), password, url }, name);
}

/** Cache and queue share the server, in databases of their own. */
function redisUrl({ redis, secrets }: ReferenceContext, database: number): string | undefined {
  const password = secrets.generated['redis.password'];
  if (redis === undefined || password === undefined) return undefined;
  return `redis://:${encodeURIComponent(password)}@${host}:${redis.port}/${database}`;
}

function serviceValue(name: string, { servicePorts }: ReferenceContext): string | undefined {
  if (!name.endsWith('.url')) return undefined;
  const port = valueNamed(servicePorts, name.slice(0, -'.url'.length));
  return port === undefined ? undefined : `http://${host}:${port}`;
}

function valueNamed<T>(values: Readonly<Record<string, T>>, name: string): T | undefined {
  return Object.hasOwn(values, name) ? values[name] : undefined;
}
