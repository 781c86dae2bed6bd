import { rm } from 'node:fs/promises';
import { AgentctlError } from '../../errors.js';
import {
  type PostgresHome,
  assertArchiveIntact,
  bundledPostgresVersion,
  ensureApplicationDatabase,
  stopPostgres,
  unpackBackup,
  verifyPostgres,
} from '../../tools/postgres/index.js';
import type { RunningProcess } from '../../tools/process/index.js';
import type { BackupRecord } from '../protocol.js';
import type { SerialQueue } from '../serial-queue.js';
import type { SupervisorContext } from '../supervisor-context.js';
import { isCommitted, previousDatabases, removePrevious, restoredDirectory } from './data-swap.js';
import type { PostgresKeeper } from './postgres-keeper.js';
import { postgresPasswords, startPostgresProcess } from './postgres-process.js';
import type { RestoreJob, RestoreMethod } from './restore-method.js';

/** The write-ahead log of a backup that took long is long. */
const recoveredWithinSeconds = 1800;

/** What putting back a data directory works with. */
export interface RestoreCopyOptions {
  readonly context: SupervisorContext;
  readonly postgres: PostgresKeeper;
  /** Everything that starts and stops the server goes through this. */
  readonly postgresQueue: SerialQueue;
  readonly home: PostgresHome;
}

/** A whole data directory is unpacked beside the one that serves, started and verified there, and put in its place. */
export function restoreCopy({ context, postgres, postgresQueue, home }: RestoreCopyOptions): RestoreMethod {
  const placeOf = (id: string): PostgresHome => ({ ...home, dataDirectory: restoredDirectory(home, id) });
  return {
    assertFits: assertSameMajor,
    prepare: async (job) => await unpackAndVerify(context, placeOf(job.id), job),
    putInPlace: async ({ id, backup, step }, replacedAt) => {
      step('stops the server and puts the restored data in its place');
      await postgresQueue(() => postgres.swap(home, { id, backup: backup.id, replacedAt }));
    },
    discard: async (id) => await rm(restoredDirectory(home, id), { recursive: true, force: true }),
    isDone: (id) => Promise.resolve(isCommitted(home, id)),
    previous: async () => await previousDatabases(home),
    deletePrevious: async (id) => await removePrevious(home, id),
  };
}

async function unpackAndVerify(context: SupervisorContext, home: PostgresHome, job: RestoreJob): Promise<void> {
  const { backup, archive, step, signal } = job;
  await rm(home.dataDirectory, { recursive: true, force: true });
  step(`checks the archive of ${backup.id}`);
  await assertArchiveIntact(archive, backup, signal);
  step(`unpacks it beside the database`);
  await unpackBackup(archive, home, signal);
  step('starts it on a port of its own and recovers it');
  const port = await context.ports.allocate();
  let server: RunningProcess | undefined;
  try {
    ({ server } = await startPostgresProcess(context, {
      home,
      port,
      name: 'postgres-restore',
      readyWithinSeconds: recoveredWithinSeconds,
      signal,
    }));
    step(await verify(context, port, signal));
  } finally {
    if (server !== undefined) await stopPostgres(server);
    context.ports.release(port);
  }
}

/** What was verified, for people. */
async function verify(context: SupervisorContext, port: number, signal: AbortSignal): Promise<string> {
  const request = context.store.current.postgres?.request;
  const { connection, password } = postgresPasswords(context, port);
  const { databases, tables, rows, indexes, checksums } = await verifyPostgres(connection, signal);
  if (request === undefined || !databases.includes(request.database)) {
    throw new AgentctlError('Refused', `the backup holds no database "${request?.database}"`, {
      fix: `Restore one that does, or set postgres.database to what it holds: ${databases.join(', ')}.`,
    });
  }
  await ensureApplicationDatabase(connection, { ...request, password });
  const checked = checksums ? ', the checksum of every page' : '';
  return `verified ${tables} tables with ${rows} rows, ${indexes} indexes${checked}`;
}

function assertSameMajor({ id, postgresVersion, method }: BackupRecord): void {
  if (method !== 'copy') {
    throw new AgentctlError('Refused', `backup ${id} is a dump of the docker runtime`, {
      fix: 'Restore it in a stage that has clouds.local.runtime: docker.',
    });
  }
  const ours = bundledPostgresVersion();
  if (ours.split('.')[0] === postgresVersion.split('.')[0]) return;
  throw new AgentctlError('Refused', `backup ${id} is of PostgreSQL ${postgresVersion}, this agentctl brings ${ours}`, {
    fix: 'Restore it with the agentctl version that took it.',
  });
}
