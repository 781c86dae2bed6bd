import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';

/**
 * The first `python3` of the PATH that can import all of these. Where there is none, says how to get one; in CI, where it
 * has to be there, that is a failure.
 *
 * @param packages what Debian calls them
 */
export function pythonWithModules(modules: readonly string[], packages: readonly string[]): string | undefined {
  const directories = [...new Set([...(process.env['PATH'] ?? '').split(delimiter), '/usr/bin'])];
  const found = directories.map((directory) => join(directory, 'python3')).find((path) => canImport(path, modules));
  if (found !== undefined) return found;
  const reason = `no python3 imports ${modules.join(', ')}: apt-get install ${packages.join(' ')}`;
  if (process.env['CI'] === 'true') throw new Error(reason);
  console.log(`skipped: ${reason}`);
  return undefined;
}

function canImport(python: string, modules: readonly string[]): boolean {
  if (!existsSync(python)) return false;
  try {
    execFileSync(python, ['-c', `import ${modules.join(', ')}`], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}
