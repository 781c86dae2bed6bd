import type { ManagedPostgresSpec } from '../../spec/index.js';
import { poolerPort } from '../pooler-start.js';
import type { ComposeContext } from './compose-context.js';
import { literal, optionalVariable, requiredVariable } from './interpolation.js';
import { type PasswordOwner, passwordVariable } from './password-variable.js';

/** The role in Postgres and RabbitMQ that the services log in as. */
export const databaseUser = 'agent';

/** What a reference depends on beside the spec. */
export interface ReferenceOptions {
  /** What `${port}` stands for. */
  readonly port?: number | undefined;
  /** Nothing a migration asks for goes through the pooler. @default false */
  readonly isMigration?: boolean | undefined;
}

/** What a reference stands for inside the project, as Compose reads it; undefined when there is no such thing. */
export function referenceValue(
  reference: string,
  context: ComposeContext,
  { port, isMigration = false }: ReferenceOptions = {},
): string | undefined {
  const { spec, stage, environmentFile } = context;
  const [section = '', ...rest] = reference.split('.');
  const name = rest.join('.');
  switch (section) {
    case 'port':
      return name === '' ? port?.toString() : undefined;
    case 'stage':
      return name === '' ? literal(stage) : undefined;
    case 'release':
      // Compose has no releases; whoever runs it may name one.
      return name === 'id' ? optionalVariable('AGENTCTL_RELEASE_ID', 'compose') : undefined;
    case 'secrets':
      return spec.secrets.includes(name) ? requiredVariable(name, environmentFile) : undefined;
    case 'services':
      return serviceUrl(name, context);
    case 'postgres':
      return spec.postgres?.kind === 'managed'
        ? own(postgresValues(spec.postgres, context, isMigration), name)
        : undefined;
    case 'search':
      return spec.search?.kind === 'managed' ? own(searchValues, name) : undefined;
    case 'cache':
      return spec.cache?.kind === 'managed' ? own(redisValues('cache', 0, context), name) : undefined;
    case 'queue':
      return name === 'url' ? queueUrl(context) : undefined;
    default:
      return undefined;
  }
}

type Values = Readonly<Record<string, string>>;

/** `host` is the server itself: what is put together from parts may need what a pooler does not give. */
function postgresValues(
  { database, pooler }: ManagedPostgresSpec,
  context: ComposeContext,
  isMigration: boolean,
): Values {
  const password = passwordOf('postgres', context);
  const urlAt = (host: string): string => `postgresql://${databaseUser}:${password}@${host}/${database}`;
  const directUrl = urlAt('postgres:5432');
  const url = pooler && !isMigration ? urlAt(`pooler:${poolerPort}`) : directUrl;
  return { host: 'postgres', port: '5432', user: databaseUser, password, database, url, directUrl };
}

/** Its security plugin is off: it takes any user name and password, so these are no secrets. */
const searchValues: Values = { url: 'http://search:9200', username: 'admin', password: 'not-checked' };

function redisValues(host: 'cache' | 'queue', database: number, context: ComposeContext): Values {
  const password = passwordOf(host, context);
  return { host, port: '6379', password, url: `redis://:${password}@${host}:6379/${database}` };
}

/** Cache and queue share a server when both are Redis, in databases of their own. */
function queueUrl(context: ComposeContext): string | undefined {
  const { queue, cache } = context.spec;
  if (queue?.kind !== 'managed') return undefined;
  switch (queue.engine) {
    case 'redis':
      return own(redisValues(cache?.kind === 'managed' ? 'cache' : 'queue', 1, context), 'url');
    case 'rabbitmq':
      // Without a path every client takes the default virtual host; with `/` some take one that does not exist.
      return `amqp://${databaseUser}:${passwordOf('queue', context)}@queue:5672`;
    case 'managed':
      return undefined;
  }
}

function serviceUrl(name: string, { spec }: ComposeContext): string | undefined {
  if (!name.endsWith('.url')) return undefined;
  const service = name.slice(0, -'.url'.length);
  const port = own(spec.services, service)?.port;
  return port === undefined ? undefined : `http://${service}:${port}`;
}

/** Generated passwords are base64url, so they stand in a URL as they are. */
function passwordOf(owner: PasswordOwner, { spec, environmentFile }: ComposeContext): string {
  return requiredVariable(passwordVariable(owner, spec), environmentFile);
}

function own<T>(values: Readonly<Record<string, T>>, name: string): T | undefined {
  return Object.hasOwn(values, name) ? values[name] : undefined;
}
