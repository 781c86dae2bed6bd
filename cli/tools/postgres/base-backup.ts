import { randomBytes } from 'node:crypto';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Client } from 'pg';
import { AgentctlError, hasSystemCode, isAgentctlError, messageOf } from '../../errors.js';
import { type ArchiveDigest, type ArchiveEntry, writeArchive } from './archive.js';
import { type AdminConnection, asAdmin } from './as-admin.js';
import { bufferEntry, controlFile, dataFiles, logSegments } from './data-files.js';
import { schemaRevision } from './schema-revision.js';

/** What a base copy is taken of, and where it goes. */
export interface BaseBackupOptions {
  readonly connection: AdminConnection;
  /** Whose schema revision is wanted. */
  readonly database: string;
  readonly dataDirectory: string;
  /** Must not exist. Left incomplete on failure. */
  readonly file: string;
  /** Names it in the server's log. */
  readonly label: string;
  readonly signal: AbortSignal;
  /** Called with what has been read so far, before compression. */
  readonly onBytes?: (bytes: number) => void;
}

/** A finished base copy. */
export interface BaseBackup extends ArchiveDigest {
  /** `17.10` */
  readonly postgresVersion: string;
  readonly revision: string;
}

/**
 * Takes a consistent copy of a running server, which goes on taking writes: the low-level API of
 * https://www.postgresql.org/docs/17/continuous-archiving.html. A temporary replication slot holds the write-ahead log
 * that is needed; it and the backup mode end with the connection, however that ends.
 *
 * @throws AgentctlError EnvironmentNotReady: the disk is full, or there are tablespaces; ToolFailed: anything else
 */
export async function takeBaseBackup(options: BaseBackupOptions): Promise<BaseBackup> {
  try {
    return await asAdmin(options.connection, options.database, (client) => copyServer(client, options));
  } catch (cause) {
    options.signal.throwIfAborted();
    throw backupFailed(cause);
  }
}

async function copyServer(client: Client, options: BaseBackupOptions): Promise<BaseBackup> {
  const { dataDirectory, file, label } = options;
  await assertNoTablespaces(dataDirectory);
  const lost = new AbortController();
  client.once('end', () => lost.abort(new Error('the server ended the connection')));
  const signal = AbortSignal.any([options.signal, lost.signal]);

  await client.query('SET idle_session_timeout = 0');
  await client.query('SET statement_timeout = 0');
  const slot = `agentctl_backup_${randomBytes(6).toString('hex')}`;
  await client.query('SELECT pg_create_physical_replication_slot($1, true, true)', [slot]);
  const started = await one<{ segment: string; version: string }>(
    client,
    `SELECT pg_walfile_name(pg_backup_start($1, true)) AS segment, current_setting('server_version') AS version`,
    [label],
  );
  const about = { revision: '' };
  async function* entries(): AsyncGenerator<ArchiveEntry> {
    yield* dataFiles(dataDirectory, { signal });
    yield* controlFile(dataDirectory);
    about.revision = await schemaRevision(client);
    const stopped = await one<{ label: string; last: string; segmentBytes: string }>(
      client,
      `SELECT labelfile AS label, pg_walfile_name(lsn - 1) AS last, pg_size_bytes(current_setting('wal_segment_size')) AS "segmentBytes"
       FROM pg_backup_stop(false)`,
      [],
    );
    yield bufferEntry('backup_label', Buffer.from(stopped.label));
    yield* logSegments(dataDirectory, segmentsBetween(started.segment, stopped.last, Number(stopped.segmentBytes)));
  }
  const digest = await writeArchive(file, counted(entries(), options.onBytes), { signal });
  return { ...digest, postgresVersion: started.version.split(' ')[0] ?? started.version, revision: about.revision };
}

/**
 * Pure: the names of the segments of the write-ahead log from one to another, both included. A name is the timeline, and
 * the number of the segment in two parts, each as 8 hexadecimal digits; a file id has 4 GiB of segments.
 */
export function segmentsBetween(first: string, last: string, segmentBytes: number): readonly string[] {
  const perFileId = BigInt(2 ** 32 / segmentBytes);
  const numberOf = (name: string): bigint =>
    BigInt(`0x${name.slice(8, 16)}`) * perFileId + BigInt(`0x${name.slice(16)}`);
  const names: string[] = [];
  for (let segment = numberOf(first); segment <= numberOf(last); segment += 1n) {
    names.push(`${first.slice(0, 8)}${eightDigits(segment / perFileId)}${eightDigits(segment % perFileId)}`);
  }
  return names;
}

function eightDigits(value: bigint): string {
  return value.toString(16).toUpperCase().padStart(8, '0');
}

async function* counted(
  entries: AsyncIterable<ArchiveEntry>,
  onBytes: ((bytes: number) => void) | undefined,
): AsyncGenerator<ArchiveEntry> {
  let bytes = 0;
  for await (const entry of entries) {
    yield entry;
    if (entry.kind === 'file') bytes += entry.size;
    onBytes?.(bytes);
  }
}

async function one<R extends Record<string, unknown>>(
  client: Client,
  sql: string,
  values: readonly string[],
): Promise<R> {
  const { rows } = await client.query<R>(sql, [...values]);
  const [row] = rows;
  if (row === undefined) throw new Error('the server answered with nothing');
  return row;
}

/** They lie outside the data directory. */
async function assertNoTablespaces(dataDirectory: string): Promise<void> {
  const tablespaces = await readdir(join(dataDirectory, 'pg_tblspc'));
  if (tablespaces.length === 0) return;
  throw new AgentctlError('EnvironmentNotReady', `the database has tablespaces (${tablespaces.join(', ')})`, {
    fix: 'Move what is in them to pg_default, and drop them: a backup covers the data directory only.',
  });
}

function backupFailed(cause: unknown): unknown {
  if (isAgentctlError(cause)) return cause;
  if (hasSystemCode(cause, 'ENOSPC') || hasSystemCode(cause, 'EDQUOT')) {
    return new AgentctlError('EnvironmentNotReady', 'the disk is full: there is no room for the backup', {
      fix: 'Free some space, for instance by deleting old backups, and try again.',
      cause,
    });
  }
  return new AgentctlError('ToolFailed', `the backup failed: ${messageOf(cause)}`, {
    fix: 'Read logs/postgres/postgres.log in the state directory, and try again.',
    cause,
  });
}
