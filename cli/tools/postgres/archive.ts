import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { createReadStream, createWriteStream } from 'node:fs';
import { pipeline } from 'node:stream/promises';
import { createGunzip, createGzip } from 'node:zlib';
import { Header, Pack, ReadEntry, Unpack } from 'tar';
import type { OsUser } from './os-user.js';

/** Pages of a database shrink to a fifth at any level; the fastest takes a third of the default's time. */
const compressionLevel = 1;
const fileMode = 0o600;
const directoryMode = 0o700;

/** Something to put into an archive, by its path in there. */
export type ArchiveEntry =
  | { readonly kind: 'directory'; readonly path: string }
  /** `content` yields exactly `size` bytes. */
  | { readonly kind: 'file'; readonly path: string; readonly size: number; readonly content: AsyncIterable<Buffer> };

/** What identifies a file. */
export interface ArchiveDigest {
  readonly bytes: number;
  /** Hexadecimal. */
  readonly sha256: string;
}

/**
 * Writes entries into a new tar.gz file (0600), which is on the disk when this resolves. Compression runs on other
 * threads, so that whatever else this process does goes on.
 *
 * @throws what the entries, the disk or the signal throw; the file is then incomplete
 */
export async function writeArchive(
  file: string,
  entries: AsyncIterable<ArchiveEntry>,
  options: { readonly signal: AbortSignal },
): Promise<ArchiveDigest> {
  const failed = new AbortController();
  const signal = AbortSignal.any([options.signal, failed.signal]);
  const pack = new Pack({ portable: true });
  const gzip = createGzip({ level: compressionLevel });
  // Also after the pipeline is over.
  gzip.on('error', () => undefined);
  pack.pipe(gzip);
  const measured = { bytes: 0, hash: createHash('sha256') };
  const work = [
    fill(pack, entries, signal),
    pipeline(
      gzip,
      async function* (chunks: AsyncIterable<Buffer>) {
        for await (const chunk of chunks) {
          measured.bytes += chunk.length;
          measured.hash.update(chunk);
          yield chunk;
        }
      },
      createWriteStream(file, { flags: 'wx', mode: fileMode, flush: true }),
      { signal },
    ),
  ];
  const failures: unknown[] = [];
  const settle = async (part: Promise<void>): Promise<void> => {
    await part.catch((error: unknown) => {
      failures.push(error);
      // The other half would wait for ever.
      pack.unpipe(gzip);
      failed.abort(error);
    });
  };
  await Promise.all(work.map(settle));
  options.signal.throwIfAborted();
  if (failures.length > 0) throw failures[0];
  return { bytes: measured.bytes, sha256: measured.hash.digest('hex') };
}

/** Reads a whole file and tells what it is. */
export async function digestOfFile(file: string, signal: AbortSignal): Promise<ArchiveDigest> {
  const hash = createHash('sha256');
  let bytes = 0;
  for await (const chunk of createReadStream(file, { signal, highWaterMark: 1024 * 1024 })) {
    if (!Buffer.isBuffer(chunk)) continue;
    bytes += chunk.length;
    hash.update(chunk);
  }
  return { bytes, sha256: hash.digest('hex') };
}

/**
 * Unpacks an archive into a directory that is there and empty. `owner` becomes the owner of every file.
 *
 * @throws what the disk or the signal throws; Error: the archive is damaged, or holds a path outside the directory
 */
export async function unpackArchive(
  file: string,
  directory: string,
  options: { readonly owner: OsUser | null; readonly signal: AbortSignal },
): Promise<void> {
  const { owner, signal } = options;
  const unpack = new Unpack({
    cwd: directory,
    strict: true,
    noMtime: true,
    ...(owner === null ? { preserveOwner: false } : { uid: owner.uid, gid: owner.gid }),
  });
  let failure: unknown;
  // Files that were under way may fail after the first.
  unpack.on('error', (error: unknown) => (failure ??= error));
  const closed = once(unpack, 'close', { signal });
  closed.catch(() => undefined);
  try {
    await pipeline(
      createReadStream(file),
      createGunzip(),
      async (chunks: AsyncIterable<Buffer>) => {
        for await (const chunk of chunks) {
          if (!unpack.write(chunk)) await Promise.race([once(unpack, 'drain', { signal }), closed]);
        }
        unpack.end();
        await closed;
      },
      { signal },
    );
  } catch (error) {
    // The pipeline reports that it was broken off, not why.
    throw failure ?? error;
  }
}

async function fill(pack: Pack, entries: AsyncIterable<ArchiveEntry>, signal: AbortSignal): Promise<void> {
  for await (const entry of entries) {
    signal.throwIfAborted();
    const tarEntry = new ReadEntry(headerOf(entry));
    pack.add(tarEntry);
    if (entry.kind === 'file') {
      for await (const chunk of entry.content) {
        if (!tarEntry.write(chunk)) await once(tarEntry, 'drain', { signal });
      }
    }
    tarEntry.end();
  }
  pack.end();
}

function headerOf(entry: ArchiveEntry): Header {
  return entry.kind === 'directory'
    ? new Header({ path: `${entry.path}/`, type: 'Directory', mode: directoryMode, size: 0 })
    : new Header({ path: entry.path, type: 'File', mode: fileMode, size: entry.size });
}
