import { lstat, readdir } from 'node:fs/promises';
import { join, posix } from 'node:path';
import type { IgnoreMatcher } from './ignore-file.js';

/** One entry of a build context that is sent to the builder. */
export interface SentFile {
  /** Relative to the context, with `/`. */
  readonly path: string;
  readonly kind: 'file' | 'symlink' | 'directory';
  /** Permission bits, as `COPY` keeps them; 0 for a symlink, which has none of its own. */
  readonly mode: number;
  /** In bytes; 0 for what is no file. */
  readonly size: number;
}

/** Everything below a context that its ignore file does not leave out, sorted by path. Directories count: `COPY` makes them. */
export async function sentFiles(context: string, matcher: IgnoreMatcher): Promise<readonly SentFile[]> {
  const files: SentFile[] = [];
  const walk = async (directory: string): Promise<void> => {
    for (const entry of await readdir(join(context, directory), { withFileTypes: true })) {
      const path = posix.join(directory, entry.name);
      const ignored = matcher.ignores(path);
      const kind = kindOf(entry);
      if (kind === 'directory' && (!ignored || matcher.mayReinclude)) await walk(path);
      if (ignored || kind === undefined) continue;
      const { mode, size } = await lstat(join(context, path));
      files.push({
        path,
        kind,
        mode: kind === 'symlink' ? 0 : mode & 0o7777,
        size: kind === 'file' ? size : 0,
      });
    }
  };
  await walk('');
  return files.toSorted((a, b) => (a.path < b.path ? -1 : 1));
}

/** Sockets, pipes and devices are not sent. */
function kindOf(entry: {
  isFile(): boolean;
  isDirectory(): boolean;
  isSymbolicLink(): boolean;
}): SentFile['kind'] | undefined {
  if (entry.isDirectory()) return 'directory';
  if (entry.isSymbolicLink()) return 'symlink';
  return entry.isFile() ? 'file' : undefined;
}
