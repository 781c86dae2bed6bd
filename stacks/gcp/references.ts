import { type AgentSpec, environmentOf, type PlacedWorkload, referencesIn } from '../spec/index.js';
import {
  type Atoms,
  type CloudAtoms,
  type EnvironmentScope,
  generatedUser,
  outputAtom,
  passwordAtom,
  redisDatabases,
} from '../stage/atomic-template.js';
import { workloadName } from './naming.js';
import type { FoundationOutput } from './outputs.js';

/** Where the pooler answers, beside each container; a test compares the port with that of its construct. */
export const poolerAddress = '127.0.0.1:5432';

/** The port of the search nodes, which a test compares with that of their construct. */
export const searchPort = 9200;

/** Whether a workload has a pooler beside it: one that has no use for it would pay for it, and a job would never end. */
export function hasPooler(spec: AgentSpec, workload: PlacedWorkload): boolean {
  const { postgres } = spec;
  if (postgres?.kind !== 'managed' || !postgres.pooler || workload.kind !== 'service') return false;
  return referencesOf(spec, workload).includes('postgres.url');
}

/** Whether a workload connects to the database, through a pooler or past it. */
export function usesDatabase(spec: AgentSpec, workload: PlacedWorkload): boolean {
  return referencesOf(spec, workload).some((reference) => reference.startsWith('postgres.'));
}

function referencesOf(spec: AgentSpec, workload: PlacedWorkload): readonly string[] {
  return Object.values(environmentOf(spec, workload)).flatMap(referencesIn);
}

/** What `${SECTION.FIELD}` is on Google Cloud. */
export const gcpAtoms: CloudAtoms = (section, field, scope, workload) => {
  const { spec } = scope;
  switch (section) {
    case 'services':
      return serviceUrl(field, scope);
    case 'postgres':
      return postgresAtoms(spec, workload)[field];
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

/** As in a Compose project: `host` is the server itself, `url` goes through the pooler when there is one. */
function postgresAtoms(spec: AgentSpec, workload: PlacedWorkload): Atoms {
  const { postgres, clouds } = spec;
  if (postgres === undefined) return {};
  if (postgres.kind === 'external') return { url: postgres.url, directUrl: postgres.url };
  const [host, port] = [output('PostgresHost'), output('PostgresPort')];
  const login = `${generatedUser}:${passwordAtom('postgres')}`;
  const query = asQuery(clouds.gcp?.postgres.urlQuery);
  const directUrl = `postgresql://${login}@${host}:${port}/${postgres.database}${query}`;
  return {
    host,
    port,
    user: generatedUser,
    password: passwordAtom('postgres'),
    database: postgres.database,
    directUrl,
    // Without TLS, as it does not leave the instance; the pooler talks TLS with the database.
    url: hasPooler(spec, workload) ? `postgresql://${login}@${poolerAddress}/${postgres.database}` : directUrl,
  };
}

function searchAtoms({ search }: AgentSpec): Atoms {
  if (search === undefined) return {};
  if (search.kind === 'external') return { url: search.url };
  const url = `https://${output('SearchHost')}:${searchPort}`;
  return { url, username: generatedUser, password: passwordAtom('search') };
}

function cacheAtoms(spec: AgentSpec): Atoms {
  const { cache } = spec;
  if (cache === undefined) return {};
  if (cache.kind === 'external') return { url: cache.url };
  const [host, port] = [output('CacheHost'), output('CachePort')];
  return { host, port, password: passwordAtom('cache'), url: redisUrl(spec, 'cache', 'cache') };
}

function queueUrl(spec: AgentSpec): string | undefined {
  const { queue, cache } = spec;
  if (queue === undefined) return undefined;
  if (queue.kind === 'external') return queue.url;
  switch (queue.engine) {
    case 'redis':
      return redisUrl(spec, cache?.kind === 'managed' ? 'cache' : 'queue', 'queue');
    case 'rabbitmq':
      return undefined;
    case 'managed':
      return output('QueueTopic');
  }
}

function redisUrl({ clouds }: AgentSpec, server: 'cache' | 'queue', use: keyof typeof redisDatabases): string {
  const [host, port] =
    server === 'cache' ? (['CacheHost', 'CachePort'] as const) : (['QueueHost', 'QueuePort'] as const);
  const query = asQuery(clouds.gcp?.cache.urlQuery);
  return `rediss://:${passwordAtom(server)}@${output(host)}:${output(port)}/${redisDatabases[use]}${query}`;
}

/** Cloud Run, "Service URLs": the deterministic one, which is known before the service is. */
function serviceUrl(field: string, { spec, stage }: EnvironmentScope): string | undefined {
  const service = field.endsWith('.url') ? field.slice(0, -'.url'.length) : '';
  const port = Object.hasOwn(spec.services, service) ? spec.services[service]?.port : undefined;
  if (port === undefined) return undefined;
  const name = workloadName({ name: spec.name, stage }, service);
  return `https://${name}-${output('ProjectNumber')}.${spec.clouds.gcp?.region ?? ''}.run.app`;
}

function asQuery(query = ''): string {
  return query === '' ? '' : `?${query}`;
}

function output(name: FoundationOutput): string {
  return outputAtom(name);
}
