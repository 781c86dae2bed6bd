import * as z from 'zod';
import { backupsStatus } from './backup-protocol.js';

export * from './backup-protocol.js';
export { type FailureBody, failureBody } from './failure-body.js';

/**
 * Everything that crosses the socket between the CLI and the supervisor, in both directions. Secret values never do:
 * env values are templates (`${postgres.url}`), and the supervisor fills them in from the 0600 secret store beside its
 * state when it starts a process.
 */
export const protocolVersion = 1;

const template = z.string();

/** What is run: a content-addressed copy of a build context, as processes; or an image, as containers. */
export const artifactRef = z.union([
  z.strictObject({ digest: z.string(), directory: z.string() }),
  /** `image`: `registry/repo@sha256:…`, or the id of an image that the engine has. */
  z.strictObject({ digest: z.string(), image: z.string() }),
]);
export type ArtifactRef = z.output<typeof artifactRef>;

/** What a container may do: no capability but those it is given, no new privileges. */
const confinement = z.strictObject({
  /** Nothing can be written but what is in `tmpfs`. */
  readOnly: z.boolean(),
  /** Directories in memory. */
  tmpfs: z.array(z.string()),
  /** @default - the image's */
  user: z.string().optional(),
  capAdd: z.array(z.string()),
});

/** How a container of an image is held. Processes are not. */
export const containerSettings = z.strictObject({
  cpus: z.number().positive(),
  memoryMiB: z.int().positive(),
  ...confinement.shape,
});
export type ContainerSettings = z.output<typeof containerSettings>;

/** argv; items may hold `${port}` and other references. Empty, for a container only: the command of its image. */
const command = z.array(template);

export const serviceManifest = z.strictObject({
  name: z.string(),
  artifact: artifactRef,
  container: containerSettings.optional(),
  command,
  env: z.record(z.string(), template),
  /** The port the spec declares. Absent: a worker that listens on nothing. */
  port: z.int().optional(),
  /** Path prefixes the public gateway sends here. Empty: reachable only through the service's own internal listener. */
  routes: z.array(z.strictObject({ path: z.string() })),
  replicas: z.int().min(1),
  health: z.strictObject({
    /** HTTP path that must answer 200–399. Absent: listening on the port (or, without a port, staying up) is enough. */
    readiness: z.string().optional(),
    startupTimeoutSeconds: z.number().positive(),
    /** A process that was ready and fails this often in a row is ended and started again. @default - only an exit counts */
    liveness: z
      .strictObject({
        path: z.string(),
        initialDelaySeconds: z.number().nonnegative(),
        intervalSeconds: z.number().positive(),
        timeoutSeconds: z.number().positive(),
        failures: z.int().min(1),
      })
      .optional(),
  }),
  /** How long open requests may still run after traffic has moved on. */
  drainSeconds: z.number().nonnegative(),
});
export type ServiceManifest = z.output<typeof serviceManifest>;

export const scheduleManifest = z.strictObject({
  name: z.string(),
  cron: z.string(),
  artifact: artifactRef,
  container: containerSettings.optional(),
  command,
  env: z.record(z.string(), template),
  timeoutSeconds: z.number().positive(),
});
export type ScheduleManifest = z.output<typeof scheduleManifest>;

/** One release as the supervisor runs it; also what the ledger keeps, so that a rollback needs no source directory. */
export const releaseManifest = z.strictObject({
  id: z.string(),
  services: z.array(serviceManifest).min(1),
  schedules: z.array(scheduleManifest),
});
export type ReleaseManifest = z.output<typeof releaseManifest>;

export const taskRequest = z.strictObject({
  /** Unique per run and step: asking again for a known id never starts a second process. Letters, digits, `.`, `_`, `-`. */
  id: z.string(),
  /** What `${release.id}` means to it. @default - the serving release, if there is one */
  release: z.string().optional(),
  artifact: artifactRef,
  container: containerSettings.optional(),
  command,
  env: z.record(z.string(), template),
  /** @default - no bound */
  timeoutSeconds: z.number().positive().optional(),
});
export type TaskRequest = z.output<typeof taskRequest>;

export const taskStatus = z.strictObject({
  id: z.string(),
  state: z.enum(['running', 'exited', 'timed-out', 'stopped', 'lost']),
  /** Null while running, or when a signal ended it. */
  exitCode: z.int().nullable(),
  signal: z.string().nullable(),
  startedAt: z.string(),
  endedAt: z.string().nullable(),
  /** Absolute path of its log: one line of output a line, secrets masked. */
  logFile: z.string(),
});
export type TaskStatus = z.output<typeof taskStatus>;

/** A server that the agent uses, as a container in the network of the stage, where its name is its host name. */
export const serverContainer = z.strictObject({
  image: z.string(),
  /** @default - that of the image */
  entrypoint: z.array(z.string()).optional(),
  /** Empty: the command of the image. */
  command: z.array(z.string()),
  env: z.record(z.string(), template),
  /** Path in the container that its data lies under. @default - it has none */
  dataPath: z.string().optional(),
  /** argv that ends with 0, inside the container, when it can be used. */
  readyCommand: z.array(z.string()).min(1),
  readyWithinSeconds: z.number().positive(),
  /** Between the signal and SIGKILL. */
  stopGraceSeconds: z.number().positive(),
  /** @default SIGTERM */
  stopSignal: z.enum(['SIGTERM', 'SIGINT', 'SIGQUIT']).optional(),
  /** @default - the engine's 64 MiB of /dev/shm */
  sharedMemoryMiB: z.int().positive().optional(),
  /** @default - as the image asks */
  confinement: confinement.optional(),
});
export type ServerContainer = z.output<typeof serverContainer>;

/** Servers beside PostgreSQL that run as containers. */
export const serverName = z.enum(['cache', 'queue', 'search', 'pooler', 'temporal']);
export type ServerName = z.output<typeof serverName>;

export const serverRequest = z.strictObject({
  name: serverName,
  /** Inside the network. */
  port: z.int(),
  container: serverContainer,
});
export type ServerRequest = z.output<typeof serverRequest>;

export const serverStatus = z.strictObject({
  name: serverName,
  image: z.string(),
  port: z.int(),
  state: z.enum(['starting', 'running', 'down']),
  restarts: z.int(),
});
export type ServerStatus = z.output<typeof serverStatus>;

export const postgresRequest = z.strictObject({
  database: z.string(),
  user: z.string(),
  extensions: z.array(z.string()),
  /** @default - a free port, chosen once and kept */
  port: z.int().optional(),
  /** When backups are taken (cron, UTC), and how long those are kept. @default - none are taken by schedule */
  dumps: z.strictObject({ cron: z.string(), retentionSeconds: z.number().positive() }).optional(),
  /** @default - the bundled PostgreSQL, as a process */
  container: serverContainer.optional(),
});
export type PostgresRequest = z.output<typeof postgresRequest>;

export const endpoint = z.strictObject({ host: z.string(), port: z.int() });
export type Endpoint = z.output<typeof endpoint>;

export const postgresStatus = z.strictObject({
  ...endpoint.shape,
  database: z.string(),
  user: z.string(),
  /** Server version, `17.10`. */
  version: z.string(),
  /** A directory, or with a container the name of its volume. */
  dataDirectory: z.string(),
  state: z.enum(['starting', 'running', 'down']),
  restarts: z.int(),
});
export type PostgresStatus = z.output<typeof postgresStatus>;

export const redisStatus = z.strictObject({
  ...endpoint.shape,
  version: z.string(),
  state: z.enum(['starting', 'running', 'down']),
  restarts: z.int(),
});
export type RedisStatus = z.output<typeof redisStatus>;

export const replicaStatus = z.strictObject({
  /** `api.1` */
  name: z.string(),
  pid: z.int().nullable(),
  port: z.int().nullable(),
  state: z.enum(['starting', 'ready', 'unready', 'backing-off', 'stopping', 'stopped']),
  restarts: z.int(),
  /** Requests and streams open through the gateway right now. */
  inFlight: z.int(),
  /** `exit 1`, `SIGKILL`; null when it has never ended. */
  lastExit: z.string().nullable(),
});
export type ReplicaStatus = z.output<typeof replicaStatus>;

export const releaseStatus = z.strictObject({
  id: z.string(),
  /** `failed`: a replica ended or did not become ready within its startup timeout; see `problem`. */
  state: z.enum(['starting', 'ready', 'failed', 'draining', 'stopped']),
  serving: z.boolean(),
  services: z.array(z.strictObject({ name: z.string(), desired: z.int(), replicas: z.array(replicaStatus) })),
  /** Why it failed, for people: which replica, what was observed, and its last log lines. */
  problem: z.strictObject({ service: z.string(), reason: z.string(), logTail: z.array(z.string()) }).optional(),
});
export type ReleaseStatus = z.output<typeof releaseStatus>;

export const supervisorStatus = z.strictObject({
  protocolVersion: z.int(),
  /** Version of agentctl that started it. */
  version: z.string(),
  pid: z.int(),
  startedAt: z.string(),
  /** Public gateway, `http://127.0.0.1:8080`; null before the first switch of traffic. */
  url: z.string().nullable(),
  servingRelease: z.string().nullable(),
  releases: z.array(releaseStatus),
  postgres: postgresStatus.nullable(),
  redis: redisStatus.nullable(),
  servers: z.array(serverStatus),
  /** Tasks that have not ended, those of schedules included. */
  runningTasks: z.array(taskStatus),
  schedules: z.array(
    z.strictObject({
      name: z.string(),
      cron: z.string(),
      next: z.string().nullable(),
      /** Most recent first, at most 20. */
      history: z.array(taskStatus),
    }),
  ),
  backups: backupsStatus,
});
export type SupervisorStatus = z.output<typeof supervisorStatus>;

export const trafficRequest = z.strictObject({
  release: z.string(),
  /** Public gateway port. @default - a free port, chosen once and kept */
  port: z.int().optional(),
});
export type TrafficRequest = z.output<typeof trafficRequest>;

/** Where the public gateway answers. */
export const trafficAnswer = z.strictObject({ url: z.string() });
export type TrafficAnswer = z.output<typeof trafficAnswer>;

/** Ids of tasks that a schedule started begin with this. */
export const schedulePrefix = 'schedule-';
/** Ids of tasks that somebody runs by hand begin with this. */
export const runPrefix = 'run-';

/** The header the gateway adds to every answer: which release produced it. */
export const releaseHeader = 'x-agentctl-release';
