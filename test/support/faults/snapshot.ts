import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { Client } from 'pg';
import type { ReleaseRecord } from '../../../cli/ledger/release-record.js';
import { connectSupervisor } from '../../../cli/supervisor/launch.js';
import type { SupervisorStatus } from '../../../cli/supervisor/protocol.js';
import { readSecretStore } from '../../../cli/supervisor/secret-store.js';
import { ask } from '../local-traffic.js';
import type { FaultStage } from './fault-stage.js';
import { processesOf, type StageProcess } from './stage-processes.js';

/** What the database holds. */
export interface DatabaseFacts {
  /** Newest recorded migration; 0 when there is none. */
  readonly head: number;
  /** Heads whose table exists, and heads that are recorded: the same numbers, or a migration was half done. */
  readonly tables: readonly number[];
  readonly recorded: readonly number[];
  readonly rows: ReadonlySet<string>;
}

/** Everything that can be seen of a stage from outside, at one moment. */
export interface Snapshot {
  readonly status: SupervisorStatus | undefined;
  /** Release that answered through the gateway; undefined when nothing answered. */
  readonly answering: string | undefined;
  /** What it answered with: `v7`. */
  readonly body: string | undefined;
  /** Digest of the secret that is rotated, as the agent has it. */
  readonly tokenDigest: string | undefined;
  readonly backups: number;
  readonly ledger: readonly ReleaseRecord[];
  /** Text of the lock file. */
  readonly lock: string | undefined;
  readonly database: DatabaseFacts | undefined;
  readonly processes: readonly StageProcess[];
  /** Paths in the state directory, down to one level below artifacts. */
  readonly files: readonly string[];
  /** Journals that hold at least their first line: runs that began. */
  readonly journals: readonly string[];
  /** Writes that the prober had the answer of when this was taken. */
  readonly acknowledged: readonly string[];
}

/** Looks at a stage. */
export async function takeSnapshot(stage: FaultStage): Promise<Snapshot> {
  const { project, prober, places } = stage;
  const { stateDirectory } = project;
  const lockFile = join(stateDirectory, 'lock.json');
  const acknowledged = prober.acknowledged();
  const supervisor = await connectSupervisor(stateDirectory);
  const status = await supervisor?.status();
  const answer = typeof status?.url === 'string' ? await ask(status.url) : undefined;
  const token = typeof status?.url === 'string' ? await ask(`${status.url}/token`) : undefined;
  const backups = status === undefined ? [] : await supervisor?.backups();
  return {
    status,
    answering: answer?.status === 200 ? answer.release : undefined,
    body: answer?.body,
    tokenDigest: token?.body,
    backups: backups?.length ?? 0,
    ledger: project.ledger(),
    lock: existsSync(lockFile) ? readFileSync(lockFile, 'utf8') : undefined,
    database: status?.postgres?.state === 'running' ? await databaseFacts(stateDirectory, status.postgres) : undefined,
    processes: processesOf(places),
    files: existsSync(stateDirectory) ? filesIn(stateDirectory) : [],
    journals: journalsIn(join(stateDirectory, 'runs')),
    acknowledged,
  };
}

async function databaseFacts(
  stateDirectory: string,
  { host, port, database, user }: NonNullable<SupervisorStatus['postgres']>,
): Promise<DatabaseFacts> {
  const password = readSecretStore(stateDirectory).generated['postgres.password'] ?? '';
  const client = new Client({ host, port, database, user, password });
  await client.connect();
  try {
    // All of it as at one moment: the migration of a run that was killed goes on.
    await client.query('BEGIN ISOLATION LEVEL REPEATABLE READ');
    const { rows: tables } = await client.query<{ name: string }>(
      `SELECT tablename AS name FROM pg_tables WHERE schemaname = 'public'`,
    );
    const names = tables.map(({ name }) => name);
    const recorded = names.includes('heads')
      ? (await client.query<{ head: number }>('SELECT head FROM heads ORDER BY head')).rows.map(({ head }) => head)
      : [];
    const notes = names.includes('notes')
      ? (await client.query<{ text: string }>('SELECT text FROM notes')).rows.map(({ text }) => text)
      : [];
    const made = names.filter((name) => name.startsWith('head_')).map((name) => Number(name.slice('head_'.length)));
    return {
      head: recorded.at(-1) ?? 0,
      tables: made.toSorted((a, b) => a - b),
      recorded,
      rows: new Set(notes),
    };
  } finally {
    await client.end();
  }
}

function journalsIn(directory: string): readonly string[] {
  const names = existsSync(directory) ? readdirSync(directory) : [];
  return names.filter((name) => readFileSync(join(directory, name), 'latin1').includes('\n'));
}

/** Their contents are data or copies of the project. */
const closed = /^(postgres|postgres-binaries|redis|artifacts\/[^/]+)$/;

function filesIn(root: string, directory = root): readonly string[] {
  return readdirSync(directory, { withFileTypes: true }).flatMap((entry) => {
    const path = join(directory, entry.name);
    const name = relative(root, path);
    return entry.isDirectory() && !closed.test(name) ? filesIn(root, path) : [name];
  });
}
