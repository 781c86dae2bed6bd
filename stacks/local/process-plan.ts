import {
  type AgentSpec,
  environmentOf,
  imageOf,
  type ProbeSpec,
  type ScheduleSpec,
  type ServiceSpec,
  type Workload,
} from '../spec/index.js';
import { withExternals } from './external-references.js';

/** A command to run from a copy of a build context. Env values and arguments may hold references. */
export interface PlannedProcess {
  readonly name: string;
  /** Key into {@link ProcessPlan.contexts}. */
  readonly context: string;
  readonly command: readonly string[];
  readonly env: Readonly<Record<string, string>>;
}

/** A health check that goes on while a process runs. */
export interface PlannedProbe {
  /** HTTP path. */
  readonly path: string;
  readonly initialDelaySeconds: number;
  readonly intervalSeconds: number;
  readonly timeoutSeconds: number;
  /** In a row. */
  readonly failures: number;
}

/** A service as processes on this machine. */
export interface PlannedService extends PlannedProcess {
  readonly port?: number;
  readonly routes: readonly { readonly path: string }[];
  readonly replicas: number;
  /** HTTP path. */
  readonly readiness?: string;
  readonly startupTimeoutSeconds: number;
  readonly liveness?: PlannedProbe;
  readonly drainSeconds: number;
}

/** A process that ends. */
export interface PlannedTask extends PlannedProcess {
  readonly timeoutSeconds: number;
}

/** A process that brings the schema of the database to what the release needs. */
export interface PlannedMigration extends PlannedTask {
  /** Whether a backup is taken before it. @default false */
  readonly snapshot?: true;
}

/** What the process runtime of the local target runs: a spec without anything that only a container could use. */
export interface ProcessPlan {
  readonly name: string;
  readonly stage: string;
  /** Build contexts, relative to the config file, with what prepares a copy of each. */
  readonly contexts: Readonly<Record<string, { readonly build: readonly (readonly string[])[] }>>;
  readonly services: readonly PlannedService[];
  readonly schedules: readonly (PlannedTask & { readonly cron: string })[];
  /** In the order they run. */
  readonly migrations: readonly PlannedMigration[];
  readonly postgres?: {
    readonly version: number;
    readonly database: string;
    readonly user: string;
    readonly extensions: readonly string[];
    readonly port?: number;
    /** When backups are taken (cron, UTC), and how long those are kept. @default - none are taken by schedule */
    readonly dumps?: { readonly cron: string; readonly retentionSeconds: number };
  };
  /** Whether a Redis is needed, as cache or as queue. */
  readonly redis: boolean;
  /** Port of the public address. */
  readonly gatewayPort?: number;
  readonly bakeSeconds: number;
}

/** The role the services connect as. Not the agent's name: PostgreSQL refuses some, such as those that begin with `pg_`. */
const databaseUser = 'agent';

/** Pure: a spec as processes. The spec has passed the capability checks of the process runtime. */
export function processPlan(spec: AgentSpec, stage: string): ProcessPlan {
  const { local } = spec.clouds;
  const build = local?.process.build ?? [];
  const services = Object.entries(spec.services).map(([name, service]) => serviceOf(spec, name, service));
  const schedules = Object.entries(spec.schedules).map(([name, schedule]) => ({
    ...taskOf(spec, name, schedule),
    cron: schedule.cron,
  }));
  const migrations = spec.migrations.map((migration) => ({
    ...taskOf(spec, migration.name, migration),
    ...(migration.snapshot ? { snapshot: true as const } : {}),
  }));
  const contexts = [...services, ...schedules, ...migrations].map((workload) => [workload.context, { build }] as const);
  return {
    name: spec.name,
    stage,
    contexts: Object.fromEntries(contexts),
    services,
    schedules,
    migrations,
    ...postgresOf(spec),
    redis: [spec.cache, spec.queue].some((part) => part?.kind === 'managed' && part.engine === 'redis'),
    ...(local?.port === undefined ? {} : { gatewayPort: local.port }),
    bakeSeconds: local?.bake.seconds ?? 2,
  };
}

function serviceOf(spec: AgentSpec, name: string, service: ServiceSpec): PlannedService {
  const { readiness, startupTimeout, liveness } = service.health;
  return {
    ...processOf(spec, name, service, service.command ?? []),
    ...(service.port === undefined ? {} : { port: service.port }),
    routes: service.routes,
    // A cloud may scale to nothing and start on demand; here a service that is declared runs.
    replicas: Math.max(1, service.scale.min),
    ...(readiness === undefined ? {} : { readiness: readiness.path }),
    startupTimeoutSeconds: startupTimeout.seconds,
    ...(liveness === undefined ? {} : { liveness: probeOf(liveness) }),
    drainSeconds: service.drain.seconds,
  };
}

function probeOf({ path, initialDelay, interval, timeout, failures }: ProbeSpec): PlannedProbe {
  return {
    path,
    initialDelaySeconds: initialDelay.seconds,
    intervalSeconds: interval.seconds,
    timeoutSeconds: timeout.seconds,
    failures,
  };
}

function taskOf(
  spec: AgentSpec,
  name: string,
  task: Workload & Pick<ScheduleSpec, 'command' | 'timeout'>,
): PlannedTask {
  return { ...processOf(spec, name, task, task.command), timeoutSeconds: task.timeout.seconds };
}

function processOf(spec: AgentSpec, name: string, workload: Workload, command: readonly string[]): PlannedProcess {
  const image = imageOf(spec, workload);
  const env = Object.entries(environmentOf(spec, workload));
  return {
    name,
    context: image.kind === 'build' ? image.context : '.',
    command: command.map((item) => withExternals(spec, item)),
    env: Object.fromEntries(env.map(([key, value]) => [key, withExternals(spec, value)])),
  };
}

function postgresOf(spec: AgentSpec): Pick<ProcessPlan, 'postgres'> {
  const { postgres, clouds } = spec;
  if (postgres?.kind !== 'managed') return {};
  const port = clouds.local?.postgres.port;
  const { dumps } = postgres.backups;
  return {
    postgres: {
      version: clouds.local?.postgres.version ?? postgres.version,
      database: postgres.database,
      user: databaseUser,
      extensions: postgres.extensions,
      ...(port === undefined ? {} : { port }),
      ...(dumps === undefined ? {} : { dumps: { cron: dumps.cron, retentionSeconds: dumps.retention.seconds } }),
    },
  };
}
