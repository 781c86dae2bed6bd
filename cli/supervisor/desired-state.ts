import * as z from 'zod';
import { readStateSync, type StateFormat, writeStateSync } from '../state-file.js';
import {
  backupReason,
  failureBody,
  postgresRequest,
  releaseManifest,
  restoreStatus,
  serverRequest,
  taskStatus,
} from './protocol.js';
import type { StateLayout } from './state-layout.js';

const postgresHome = z.strictObject({
  dataDirectory: z.string(),
  binariesDirectory: z.string(),
  externalDirectory: z.string().nullable(),
  user: z.strictObject({ uid: z.int(), gid: z.int() }).nullable(),
});

const processRecord = z.strictObject({
  /** `postgres`, `redis`, `r7/api.1`, `task:migrate-7`. */
  label: z.string(),
  pid: z.int(),
  /** Opaque, see ProcessIdentity. */
  startTime: z.string(),
});
export type ProcessRecord = z.output<typeof processRecord>;

const desiredState = z.strictObject({
  version: z.literal(1),
  postgres: z
    .strictObject({
      request: postgresRequest,
      port: z.int(),
      /** Null for a container, whose data is in a volume. */
      home: postgresHome.nullable(),
    })
    .nullable(),
  redis: z.strictObject({ port: z.int() }).nullable(),
  /** Servers that run as containers. */
  servers: z.array(serverRequest).default([]),
  /** Whether anything of the stage was ever run as a container. */
  usesContainers: z.boolean().default(false),
  gateway: z.strictObject({
    /** Public port, once traffic was first switched. */
    port: z.int().nullable(),
    /** Internal listener of each service, by name. */
    services: z.record(z.string(), z.int()),
  }),
  releases: z.array(
    z.strictObject({
      manifest: releaseManifest,
      phase: z.enum(['starting', 'ready', 'failed', 'draining', 'stopped']),
    }),
  ),
  /** Release that gets the requests. */
  serving: z.string().nullable(),
  /** Most recent last. */
  tasks: z.array(taskStatus),
  /** Backups that run or have failed, most recent last. */
  backupRuns: z
    .array(
      z.strictObject({
        id: z.string(),
        reason: backupReason,
        startedAt: z.string(),
        /** Null while it runs, as is its problem. */
        endedAt: z.string().nullable(),
        problem: failureBody.nullable(),
      }),
    )
    .default([]),
  /** Most recent last. */
  restores: z.array(restoreStatus).default([]),
  /** Every child that runs, so that another life of the supervisor can end what this one leaves behind. */
  processes: z.array(processRecord),
});

/** Everything a supervisor needs to bring back what ran, without secret values. */
export type DesiredState = z.output<typeof desiredState>;

const emptyState: DesiredState = {
  version: 1,
  postgres: null,
  redis: null,
  servers: [],
  usesContainers: false,
  gateway: { port: null, services: {} },
  releases: [],
  serving: null,
  tasks: [],
  backupRuns: [],
  restores: [],
  processes: [],
};

/** The state in memory; every change is on disk before `update` returns. */
export interface DesiredStore {
  readonly current: DesiredState;
  update(change: Partial<DesiredState>): void;
}

/**
 * Opens the state of a directory.
 *
 * @throws AgentctlError StateUnreadable: it is not ours, or of another version
 */
export function openDesiredStore(layout: StateLayout): DesiredStore {
  let current = readDesired(layout);
  return {
    get current() {
      return current;
    },
    update: (change) => {
      const changed = { ...current, ...change };
      writeStateSync(layout.desiredFile, `${JSON.stringify(changed, null, 1)}\n`);
      current = changed;
    },
  };
}

/**
 * What a supervisor would begin with; nothing when none has run yet.
 *
 * @throws AgentctlError StateUnreadable
 */
export function readDesired(layout: StateLayout): DesiredState {
  return readStateSync(desiredFormat, layout.desiredFile) ?? emptyState;
}

const desiredFormat: StateFormat<typeof desiredState> = {
  name: 'record of what runs',
  schema: desiredState,
  versionField: 'version',
  version: 1,
  fix: (file) => `move ${file} away and deploy again; data of the database stays where it is`,
};
