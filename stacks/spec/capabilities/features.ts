import { isCloudRunSize } from '../cloud-run-size.js';
import { isFargateSize } from '../fargate-size.js';
import { awsAdjustedChecks } from './aws-adjusted-checks.js';
import type { SpecPath } from '../problem.js';
import { workloadsOf } from '../rules/workloads-of.js';
import type { AgentSpec } from '../schema/agent.js';
import type { ServiceSpec } from '../schema/service.js';
import type { SizeSpec } from '../schema/size.js';
import { recoveryDays } from '../cloud-sql-tier.js';
import type { Column } from './column.js';

/** Something a spec can ask for. */
export interface Feature {
  /** As the matrix names it. */
  readonly title: string;
  /** The places of a spec that ask for it. */
  readonly uses: (spec: AgentSpec, column: Column) => readonly SpecPath[];
}

/** What the bundled Postgres of the process runtime is, and the `contrib` extensions it comes with. */
const bundledPostgres = {
  version: 17,
  extensions: new Set(
    (
      'amcheck autoinc bloom btree_gin btree_gist citext cube dblink dict_int dict_xsyn earthdistance file_fdw ' +
      'fuzzystrmatch hstore insert_username intagg intarray isn lo ltree moddatetime pageinspect pg_buffercache ' +
      'pg_freespacemap pg_prewarm pg_stat_statements pg_surgery pg_trgm pg_visibility pg_walinspect pgcrypto ' +
      'pgrowlocks pgstattuple plpgsql postgres_fdw refint seg sslinfo tablefunc tcn tsm_system_rows tsm_system_time ' +
      'unaccent uuid-ossp xml2'
    ).split(' '),
  ),
};

/**
 * Longest time a column lets in-flight work finish, for services with a port and for workers: Elastic Load Balancing
 * deregistration delay 3600 s and Fargate stopTimeout 120 s; Cloud Run request timeout 3600 s and 10 s between SIGTERM and
 * SIGKILL; Container Apps terminationGracePeriodSeconds 600 s; Application Gateway connection draining 3600 s.
 */
const drainSeconds: Readonly<Partial<Record<Column, DrainSeconds>>> = {
  aws: { routes: 3600, port: 120, worker: 120 },
  gcp: { routes: 3600, port: 3600, worker: 10 },
  'azure-container-apps': { routes: 600, port: 600, worker: 600 },
  'azure-aci': { routes: 3600, port: 3600, worker: 0 },
};

interface DrainSeconds {
  /** Public services. */
  readonly routes: number;
  /** Services that are reached from inside only. */
  readonly port: number;
  readonly worker: number;
}

/** Everything whose support differs between targets, in the order of the matrix. */
export const features = {
  'image.build': { title: 'Image built from a Dockerfile', uses: images(({ kind }) => kind === 'build') },
  'image.ref': { title: 'Image from a registry', uses: images(({ kind }) => kind === 'ref', 'ref') },
  'image.arm64': {
    title: '`platform: linux/arm64`',
    uses: images(({ platform }) => platform === 'linux/arm64', 'platform'),
  },
  'image.amd64': {
    title: '`platform: linux/amd64`',
    uses: images(({ platform }) => platform === 'linux/amd64', 'platform'),
  },
  'service.command': {
    title: 'Command of the image (no `command`)',
    uses: services(({ command }) => command === undefined, 'command'),
  },
  'service.size': {
    title: 'CPU and memory limits',
    uses: (spec, column) =>
      workloadsOf(spec).flatMap(({ path, size }) => (isOffered(column, size) ? [] : [[...path, 'size']])),
  },
  'health.liveness': {
    title: 'Liveness check',
    uses: services(({ health }) => health.liveness !== undefined, 'health', 'liveness'),
  },
  'health.timing': {
    title: 'Timing of health checks',
    uses: (spec, column) => (column === 'aws' ? awsAdjustedChecks(spec) : []),
  },
  'scale.range': {
    title: 'Autoscaling between `min` and `max`',
    uses: services(({ scale }) => scale.max > scale.min, 'scale', 'max'),
  },
  'scale.rangeWorkers': {
    title: 'Autoscaling of a worker',
    uses: services(({ scale, port }) => port === undefined && scale.max > scale.min, 'scale', 'max'),
  },
  'scale.requests': {
    title: 'Scaling on requests',
    uses: services(({ scale }) => scale.requests !== undefined, 'scale', 'requests'),
  },
  'scale.connections': {
    title: 'Scaling on open connections',
    uses: services(({ scale }) => scale.connections !== undefined, 'scale', 'connections'),
  },
  'scale.memory': {
    title: 'Scaling on memory',
    uses: services(({ scale }) => scale.memory !== undefined, 'scale', 'memory'),
  },
  'scale.queueDepth': {
    title: 'Scaling on queue depth',
    uses: services(({ scale }) => scale.queueDepth !== undefined, 'scale', 'queueDepth'),
  },
  'scale.zero': {
    title: '`min: 0`, service with a port',
    uses: services(({ scale, port }) => scale.min === 0 && port !== undefined, 'scale', 'min'),
  },
  'scale.zeroWorkers': {
    title: '`min: 0`, worker on a queue',
    uses: services(({ scale, port }) => scale.min === 0 && port === undefined, 'scale', 'min'),
  },
  drain: {
    title: 'Drain of in-flight work',
    uses: (spec, column) =>
      services(({ drain, port, routes }) => {
        const kind = port === undefined ? 'worker' : routes.length === 0 ? 'port' : 'routes';
        const longest = drainSeconds[column]?.[kind];
        return longest !== undefined && drain.seconds > longest;
      }, 'drain')(spec),
  },
  schedules: { title: 'Schedules', uses: (spec) => Object.keys(spec.schedules).map((name) => ['schedules', name]) },
  'migrations.snapshot': {
    title: 'Snapshot before a migration',
    uses: (spec) =>
      spec.migrations.flatMap(({ snapshot }, index) => (snapshot ? [['migrations', index, 'snapshot']] : [])),
  },
  postgres: { title: 'Postgres', uses: (spec) => (spec.postgres?.kind === 'managed' ? [['postgres']] : []) },
  'postgres.version': {
    title: 'Postgres other than 17',
    uses: (spec, column) => {
      if (spec.postgres?.kind !== 'managed') return [];
      const override = column.startsWith('local') ? spec.clouds.local?.postgres.version : undefined;
      if ((override ?? spec.postgres.version) === bundledPostgres.version) return [];
      return [override === undefined ? ['postgres', 'version'] : ['clouds', 'local', 'postgres', 'version']];
    },
  },
  'postgres.highAvailability': {
    title: 'Postgres standby with failover',
    uses: postgres(({ highAvailability }) => highAvailability, 'highAvailability'),
  },
  'postgres.pooler': { title: 'Connection pooler', uses: postgres(({ pooler }) => pooler, 'pooler') },
  'postgres.readReplicas': {
    title: 'Read replicas',
    uses: postgres(({ readReplicas }) => readReplicas > 0, 'readReplicas'),
  },
  'postgres.extensions': {
    title: 'Extensions outside `contrib`, such as `vector`',
    uses: (spec) => {
      if (spec.postgres?.kind !== 'managed') return [];
      return spec.postgres.extensions.flatMap((extension, index) =>
        bundledPostgres.extensions.has(extension) ? [] : [['postgres', 'extensions', index]],
      );
    },
  },
  'postgres.recovery': {
    title: 'Point-in-time recovery',
    uses: (spec, column) =>
      postgres(
        ({ backups }) => column !== 'gcp' || backups.retention.seconds > recoveryDays(spec) * 86_400,
        'backups',
        'retention',
      )(spec),
  },
  'postgres.dumps': {
    title: 'Scheduled dumps',
    uses: postgres(({ backups }) => backups.dumps !== undefined, 'backups', 'dumps'),
  },
  search: { title: 'OpenSearch', uses: (spec) => (spec.search?.kind === 'managed' ? [['search']] : []) },
  cache: { title: 'Redis cache', uses: (spec) => (spec.cache?.kind === 'managed' ? [['cache']] : []) },
  'cache.highAvailability': {
    title: 'Redis replica with failover',
    uses: (spec) =>
      spec.cache?.kind === 'managed' && spec.cache.highAvailability ? [['cache', 'highAvailability']] : [],
  },
  'queue.redis': { title: 'Queue on Redis', uses: queue('redis') },
  'queue.rabbitmq': { title: 'Queue on RabbitMQ', uses: queue('rabbitmq') },
  'queue.managed': { title: 'The cloud’s own queue', uses: queue('managed') },
  'queue.highAvailability': {
    title: 'Queue that survives the loss of a zone',
    uses: (spec) =>
      spec.queue?.kind === 'managed' && spec.queue.highAvailability ? [['queue', 'highAvailability']] : [],
  },
  external: {
    title: 'Postgres, search, cache or queue of your own (`external`)',
    uses: (spec) =>
      (['postgres', 'search', 'cache', 'queue'] as const).flatMap((section) =>
        spec[section]?.kind === 'external' ? [[section, 'external']] : [],
      ),
  },
  'domain.none': {
    title: 'Public services without a domain',
    uses: (spec) => {
      const isPublic = Object.values(spec.services).some(({ routes }) => routes.length > 0);
      return isPublic && spec.domain === undefined ? [['services']] : [];
    },
  },
  domain: { title: 'Own domain with TLS', uses: (spec) => (spec.domain === undefined ? [] : [['domain']]) },
  alarms: {
    title: 'Alarms by e-mail',
    uses: ({ observability: { alarms } }) => (alarms.email === undefined ? [] : [['observability', 'alarms', 'email']]),
  },
  metrics: {
    title: 'Custom metrics',
    uses: ({ observability: { metrics } }) =>
      metrics.custom.length === 0 ? [] : [['observability', 'metrics', 'custom']],
  },
  prometheus: {
    title: 'Prometheus scraping',
    uses: ({ observability: { metrics } }) =>
      metrics.prometheus === undefined ? [] : [['observability', 'metrics', 'prometheus']],
  },
} as const satisfies Readonly<Record<string, Feature>>;

/** The name of a feature in the capability table. */
export type FeatureKey = keyof typeof features;

function isFeatureKey(key: string): key is FeatureKey {
  return Object.hasOwn(features, key);
}

/** The names of all features, in the order of the matrix. */
export const featureKeys: readonly FeatureKey[] = Object.keys(features).filter(isFeatureKey);

/** Sizes that are run as they are, where others are rounded up. */
function isOffered(column: Column, size: SizeSpec): boolean {
  return (column === 'aws' && isFargateSize(size)) || (column === 'gcp' && isCloudRunSize(size));
}

function services(asks: (service: ServiceSpec) => boolean, ...field: readonly string[]) {
  return (spec: AgentSpec): readonly SpecPath[] =>
    Object.entries(spec.services).flatMap(([name, service]) => (asks(service) ? [['services', name, ...field]] : []));
}

type ManagedPostgres = Extract<AgentSpec['postgres'], { kind: 'managed' }>;

function postgres(asks: (postgres: ManagedPostgres) => boolean, ...field: readonly string[]) {
  return (spec: AgentSpec): readonly SpecPath[] =>
    spec.postgres?.kind === 'managed' && asks(spec.postgres) ? [['postgres', ...field]] : [];
}

function queue(engine: 'redis' | 'rabbitmq' | 'managed') {
  return (spec: AgentSpec): readonly SpecPath[] =>
    spec.queue?.kind === 'managed' && spec.queue.engine === engine ? [['queue', 'engine']] : [];
}

function images(asks: (image: AgentSpec['image']) => boolean, ...field: readonly string[]) {
  return (spec: AgentSpec): readonly SpecPath[] => {
    const workloads = (['services', 'schedules'] as const).flatMap((section) =>
      Object.entries(spec[section]).map(([name, { image }]) => ({ path: [section, name] as SpecPath, image })),
    );
    const migrations = spec.migrations.map(({ image }, index) => ({ path: ['migrations', index] as SpecPath, image }));
    const all = [...workloads, ...migrations];
    const own = all.flatMap(({ path, image }) =>
      image !== undefined && asks(image) ? [[...path, 'image', ...field]] : [],
    );
    const shared = all.some(({ image }) => image === undefined) && asks(spec.image) ? [['image', ...field]] : [];
    return [...shared, ...own];
  };
}
