import type { ComposeContext } from './compose-context.js';
import { literal, optionalVariable, requiredVariable } from './interpolation.js';
import { type PasswordOwner, passwordVariable } from './password-variable.js';

/** The role in Postgres and RabbitMQ that the services log in as. */
export const databaseUser = 'agent';

/** What a reference stands for inside the project, as Compose reads it; undefined when there is no such thing. */
export function referenceValue(reference: string, context: ComposeContext): string | undefined {
  const { spec, stage, environmentFile } = context;
  const [section = '', ...rest] = reference.split('.');
  const name = rest.join('.');
  switch (section) {
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
      return spec.postgres?.kind === 'managed' ? own(postgresValues(spec.postgres.database, context), name) : undefined;
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

function postgresValues(database: string, context: ComposeContext): Values {
  const password = passwordOf('postgres', context);
  const url = `postgresql://${databaseUser}:${password}@postgres:5432/${database}`;
  // One server without a pooler in front of it: both URLs are the same.
  return { host: 'postgres', port: '5432', user: databaseUser, password, database, url, directUrl: url };
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
