import type { Dirent } from 'node:fs';
import { type FileHandle, open, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { hasSystemCode } from '../../errors.js';
import type { ArchiveEntry } from './archive.js';

/**
 * What a base copy leaves out; "Backing Up the Data Directory" in
 * https://www.postgresql.org/docs/17/continuous-archiving.html and `excludeFiles` in the server's basebackup.c.
 * pg_control is copied last, see `controlFile`.
 */
const leftOutFiles = new Set([
  'postmaster.pid',
  'postmaster.opts',
  'backup_label',
  'backup_label.old',
  'backup_manifest',
  'tablespace_map',
  'tablespace_map.old',
  'current_logfiles',
  'postgresql.auto.conf.tmp',
  'recovery.signal',
  'standby.signal',
  'global/pg_control',
]);
/** Directories that must be there and are filled by the server itself. */
const emptiedDirectories = new Set([
  'pg_wal',
  'pg_replslot',
  'pg_dynshmem',
  'pg_notify',
  'pg_serial',
  'pg_snapshots',
  'pg_stat_tmp',
  'pg_subtrans',
]);
/** Files of temporary relations, and of sorts; caches that are made again. */
const leftOutNames = [/^t\d+_\d+/, /^pgsql_tmp/, /^pg_internal\.init/];

const chunkBytes = 256 * 1024;
/** A write of pg_control may be half visible to whoever reads it at that moment. */
const controlFileReads = 100;

/**
 * The files of a data directory whose server runs, as they are now: they may grow, shrink and disappear meanwhile, which
 * the replay of the write-ahead log makes good. Symbolic links are followed.
 */
export async function* dataFiles(
  dataDirectory: string,
  options: { readonly signal: AbortSignal },
  path = '',
): AsyncGenerator<ArchiveEntry> {
  for (const entry of await entriesOf(join(dataDirectory, path))) {
    options.signal.throwIfAborted();
    const inner = path === '' ? entry.name : `${path}/${entry.name}`;
    if (leftOutFiles.has(inner) || leftOutNames.some((pattern) => pattern.test(entry.name))) continue;
    if (emptiedDirectories.has(inner)) {
      yield { kind: 'directory', path: inner };
    } else if (entry.isDirectory()) {
      yield { kind: 'directory', path: inner };
      yield* dataFiles(dataDirectory, options, inner);
    } else {
      yield* fileEntry(join(dataDirectory, inner), inner);
    }
  }
}

/** pg_control, read until it is the same twice. */
export async function* controlFile(dataDirectory: string): AsyncGenerator<ArchiveEntry> {
  const path = 'global/pg_control';
  let before: Buffer | undefined;
  for (let read = 1; read <= controlFileReads; read += 1) {
    const content = await readWhole(join(dataDirectory, path));
    if (before?.equals(content) === true) return yield bufferEntry(path, content);
    before = content;
  }
  throw new Error(`${path} changes faster than it can be read`);
}

/** The named segments of the write-ahead log, and what is known of earlier timelines. */
export async function* logSegments(dataDirectory: string, names: readonly string[]): AsyncGenerator<ArchiveEntry> {
  const histories = (await readdir(join(dataDirectory, 'pg_wal'))).filter((name) => name.endsWith('.history'));
  for (const name of [...names, ...histories]) {
    const path = `pg_wal/${name}`;
    let isThere = false;
    for await (const entry of fileEntry(join(dataDirectory, path), path)) {
      isThere = true;
      yield entry;
    }
    if (!isThere) throw new Error(`segment ${name} of the write-ahead log is gone`);
  }
}

/** A file made of what is in memory. */
export function bufferEntry(path: string, content: Buffer): ArchiveEntry {
  return { kind: 'file', path, size: content.length, content: once(content) };
}

/** Nothing when the file is gone. */
async function* fileEntry(file: string, path: string): AsyncGenerator<ArchiveEntry> {
  const handle = await openIfThere(file);
  if (handle === undefined) return;
  try {
    const { size } = await handle.stat();
    yield { kind: 'file', path, size, content: contentOf(handle, size) };
  } finally {
    await handle.close();
  }
}

/** Exactly `size` bytes. What is missing of a file that became shorter is zeros, as pg_basebackup does it. */
async function* contentOf(handle: FileHandle, size: number): AsyncGenerator<Buffer> {
  let position = 0;
  while (position < size) {
    const wanted = Math.min(chunkBytes, size - position);
    const { bytesRead, buffer } = await handle.read(Buffer.alloc(wanted), 0, wanted, position);
    yield bytesRead === 0 ? Buffer.alloc(wanted) : buffer.subarray(0, bytesRead);
    position += bytesRead === 0 ? wanted : bytesRead;
  }
}

async function entriesOf(directory: string): Promise<readonly Dirent[]> {
  try {
    return await readdir(directory, { withFileTypes: true });
  } catch (error) {
    if (hasSystemCode(error, 'ENOENT')) return [];
    throw error;
  }
}

async function openIfThere(file: string): Promise<FileHandle | undefined> {
  try {
    return await open(file, 'r');
  } catch (error) {
    if (hasSystemCode(error, 'ENOENT')) return undefined;
    throw error;
  }
}

async function readWhole(file: string): Promise<Buffer> {
  const handle = await open(file, 'r');
  try {
    return await handle.readFile();
  } finally {
    await handle.close();
  }
}

async function* once(content: Buffer): AsyncGenerator<Buffer> {
  await Promise.resolve();
  yield content;
}
