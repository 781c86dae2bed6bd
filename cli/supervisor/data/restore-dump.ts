import { AgentctlError } from '../../errors.js';
import {
  assertArchiveIntact,
  createRestored,
  dropReplaced,
  dropRestored,
  ensureApplicationDatabase,
  replacedDatabases,
  restoredDatabase,
  swapDatabases,
  verifyDatabase,
} from '../../tools/postgres/index.js';
import type { SupervisorContext } from '../supervisor-context.js';
import { loadDump } from './database-dump.js';
import type { PostgresKeeper } from './postgres-keeper.js';
import { postgresPasswords } from './postgres-process.js';
import type { RestoreJob, RestoreMethod } from './restore-method.js';

/** What putting back a dump works with. */
export interface RestoreDumpOptions {
  readonly context: SupervisorContext;
  readonly postgres: PostgresKeeper;
}

/** A dump fills a database beside the one that serves, on the same server, is verified there, and put in its place. */
export function restoreDump({ context, postgres }: RestoreDumpOptions): RestoreMethod {
  const connection = () => postgres.reach().connection;
  return {
    assertFits: ({ id, method }) => {
      if (method === 'dump') return;
      throw new AgentctlError('Refused', `backup ${id} is a copy of the process runtime's data directory`, {
        fix: 'Restore it in a stage that has clouds.local.runtime: process.',
      });
    },
    prepare: async (job) => await fillAndVerify({ context, postgres }, job),
    putInPlace: async ({ id, backup, step }, replacedAt) => {
      step('puts it in the place of the database that serves, whose sessions end');
      await swapDatabases(connection(), postgres.reach().database, { id, backup: backup.id, replacedAt });
    },
    discard: async (id) => await dropRestored(connection(), id),
    isDone: async (id) => (await replacedDatabases(connection())).some((replaced) => replaced.id === id),
    previous: async () =>
      (await replacedDatabases(connection())).map(({ database, ...replaced }) => ({
        ...replaced,
        directory: database,
      })),
    deletePrevious: async (id) => await dropReplaced(connection(), id),
  };
}

async function fillAndVerify({ context, postgres }: RestoreDumpOptions, job: RestoreJob): Promise<void> {
  const { id, backup, archive, step, signal } = job;
  const { connection } = postgres.reach();
  const database = restoredDatabase(id);
  step(`checks the dump ${backup.id}`);
  await assertArchiveIntact(archive, backup, signal);
  step('loads it into a database beside the one that serves');
  await createRestored(connection, id);
  await loadDump(context, { file: archive, database, signal });
  const request = context.store.current.postgres?.request;
  if (request !== undefined) {
    const { password } = postgresPasswords(context, connection.port);
    await ensureApplicationDatabase(connection, { ...request, database, password });
  }
  const { tables, rows, indexes } = await verifyDatabase(connection, database, { checksums: false, signal });
  step(`verified ${tables} tables with ${rows} rows, ${indexes} indexes`);
}
