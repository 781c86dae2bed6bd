import {
  type AgentSpec,
  environmentOf,
  type ProbeSpec,
  type ScheduleSpec,
  type ServiceSpec,
  type Workload,
} from '../spec/index.js';
import { withExternals } from './external-references.js';

/** A command to run. Env values and arguments may hold references. */
export interface PlannedProcess {
  readonly name: string;
  /** What it runs from: key into the build contexts of the process runtime, or the images of the docker runtime. */
  readonly source: string;
  /** Empty, with the docker runtime only: the command of the image. */
  readonly command: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  /** @default - a process, which nothing holds */
  readonly container?: PlannedContainer;
}

/** What a container may do: no capability but those it is given, no new privileges. */
export interface PlannedConfinement {
  /** Nothing can be written but what is in `tmpfs`. */
  readonly readOnly: boolean;
  /** Directories in memory. */
  readonly tmpfs: readonly string[];
  /** @default - the image's */
  readonly user?: string;
  /** Capabilities that it has; all others are dropped. */
  readonly capAdd: readonly string[];
}

/** How a container of the agent is held. */
export interface PlannedContainer extends PlannedConfinement {
  /** vCPU. */
  readonly cpus: number;
  readonly memoryMiB: number;
}

/** A server in a container, whose name is its host name in the network of the stage. */
export interface PlannedServerContainer {
  readonly image: string;
  /** @default - that of the image */
  readonly entrypoint?: readonly string[];
  /** Empty: the command of the image. */
  readonly command: readonly string[];
  /** Values may hold references, and `${generated.…}` for passwords that agentctl makes up. */
  readonly env: Readonly<Record<string, string>>;
  /** Path its data lies under. @default - it has none */
  readonly dataPath?: string;
  /** argv that ends with 0, inside, when it can be used. */
  readonly readyCommand: readonly string[];
  readonly readyWithinSeconds: number;
  readonly stopGraceSeconds: number;
  /** @default SIGTERM */
  readonly stopSignal?: string;
  readonly sharedMemoryMiB?: number;
  /** @default - as the image asks */
  readonly confinement?: PlannedConfinement;
}

/** A database that agentctl runs. */
export interface PlannedPostgres {
  readonly version: number;
  readonly database: string;
  readonly user: string;
  readonly extensions: readonly string[];
  readonly port?: number;
  /** When backups are taken (cron, UTC), and how long those are kept. @default - none are taken by schedule */
  readonly dumps?: { readonly cron: string; readonly retentionSeconds: number };
  /** @default - the bundled PostgreSQL, as a process */
  readonly container?: PlannedServerContainer;
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

/** What either runtime of the local target runs. */
export interface LocalPlan {
  readonly name: string;
  readonly stage: string;
  readonly services: readonly PlannedService[];
  readonly schedules: readonly (PlannedTask & { readonly cron: string })[];
  /** In the order they run. */
  readonly migrations: readonly PlannedMigration[];
  readonly postgres?: PlannedPostgres;
  /** Port of the public address. */
  readonly gatewayPort?: number;
  readonly bakeSeconds: number;
}

/** The role the services connect as. Not the agent's name: PostgreSQL refuses some, such as those that begin with `pg_`. */
const databaseUser = 'agent';

/** A service, schedule or migration of the spec. */
type SizedWorkload = Workload & Pick<ServiceSpec, 'size'>;

/** What a runtime makes of a service, schedule or migration, beside its command and environment. */
type Place = Pick<PlannedProcess, 'source' | 'container'> & {
  /** Variables that it has unless its own say otherwise. @default - none */
  readonly defaults?: Readonly<Record<string, string>>;
};

/** Pure: what both runtimes run of a spec. `placeOf`: what differs between them. */
export function localPlan(spec: AgentSpec, stage: string, placeOf: (workload: SizedWorkload) => Place): LocalPlan {
  const { local } = spec.clouds;
  const processOf = (name: string, workload: SizedWorkload, command: readonly string[]): PlannedProcess => {
    const { defaults = {}, ...place } = placeOf(workload);
    const env = Object.entries({ ...defaults, ...environmentOf(spec, workload) });
    return {
      name,
      ...place,
      command: command.map((item) => withExternals(spec, item)),
      env: Object.fromEntries(env.map(([key, value]) => [key, withExternals(spec, value)])),
    };
  };
  const taskOf = (name: string, task: SizedWorkload & Pick<ScheduleSpec, 'command' | 'timeout'>): PlannedTask => ({
    ...processOf(name, task, task.command),
    timeoutSeconds: task.timeout.seconds,
  });
  return {
    name: spec.name,
    stage,
    services: Object.entries(spec.services).map(([name, service]) =>
      serviceOf(service, processOf(name, service, service.command ?? [])),
    ),
    schedules: Object.entries(spec.schedules).map(([name, schedule]) => ({
      ...taskOf(name, schedule),
      cron: schedule.cron,
    })),
    migrations: spec.migrations.map((migration) => ({
      ...taskOf(migration.name, migration),
      ...(migration.snapshot ? { snapshot: true as const } : {}),
    })),
    ...postgresOf(spec),
    ...(local?.port === undefined ? {} : { gatewayPort: local.port }),
    bakeSeconds: local?.bake.seconds ?? 2,
  };
}

function serviceOf(service: ServiceSpec, process: PlannedProcess): PlannedService {
  const { readiness, startupTimeout, liveness } = service.health;
  return {
    ...process,
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

function postgresOf(spec: AgentSpec): Pick<LocalPlan, 'postgres'> {
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
