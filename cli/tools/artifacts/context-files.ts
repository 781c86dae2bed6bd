import { lstat, readdir, readFile } from 'node:fs/promises';
import { join, posix } from 'node:path';
import dockerignore from '@balena/dockerignore';

/** One file of a build context. */
export interface ContextFile {
  /** Relative to the context, with `/`. */
  readonly path: string;
  readonly kind: 'file' | 'symlink';
  readonly executable: boolean;
}

/** Never part of an artifact, whatever .dockerignore says: our own state, and history. */
const alwaysIgnored = ['.agentctl', '.git'];

/** What a context without a .dockerignore leaves out: what its build installs again, and what holds secrets. */
const defaultIgnored = ['**/node_modules', '**/.venv', '**/__pycache__', '**/.env', '**/.env.*', '**/*.log'];

/** The files that belong to a build context, sorted by path, honouring its .dockerignore. @param leftOut absolute paths */
export async function contextFiles(context: string, leftOut: readonly string[]): Promise<readonly ContextFile[]> {
  const own = await readFile(join(context, '.dockerignore'), 'utf8').catch(() => undefined);
  const patterns = own?.split('\n') ?? defaultIgnored;
  const matcher = dockerignore.default({ ignorecase: false }).add([...patterns, ...alwaysIgnored]);
  // A directory can be skipped whole only while no later `!pattern` could bring a part of it back.
  const mayReinclude = patterns.some((line) => line.trim().startsWith('!'));
  const files: ContextFile[] = [];

  const walk = async (directory: string): Promise<void> => {
    for (const entry of await readdir(join(context, directory), { withFileTypes: true })) {
      const path = posix.join(directory, entry.name);
      if (alwaysIgnored.includes(path) || leftOut.includes(join(context, path))) continue;
      const ignored = matcher.ignores(path);
      if (entry.isDirectory()) {
        if (!ignored || mayReinclude) await walk(path);
      } else if (!ignored && (entry.isFile() || entry.isSymbolicLink())) {
        const { mode } = await lstat(join(context, path));
        files.push({ path, kind: entry.isFile() ? 'file' : 'symlink', executable: (mode & 0o111) !== 0 });
      }
    }
  };
  await walk('');
  return files.toSorted((a, b) => (a.path < b.path ? -1 : 1));
}
