import { linkSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { AgentctlError, hasSystemCode } from '../../errors.js';
import { type ProcessIdentity, identityOf, isSameProcess } from './identity.js';

/** What came of asking for the lock. */
export type LockResult = { readonly kind: 'taken' } | { readonly kind: 'held'; readonly by: ProcessIdentity };

/**
 * Takes a lock for the life of this process: at most one living process ever has it, and the death of the owner frees it.
 *
 * Each owner makes a file `<name>.lock.<n>` of its own, with the next number; the highest number rules. The highest file
 * is never removed, not even by an owner that ends in good order, so that nobody can take over from a file another
 * process has already taken over from.
 *
 * @throws AgentctlError EnvironmentNotReady: this process cannot be identified
 */
export function takeExclusiveLock(directory: string, name: string): LockResult {
  const self = identityOf(process.pid);
  if (self === undefined) {
    throw new AgentctlError('EnvironmentNotReady', `process ${process.pid} cannot find its own start time`, {
      fix: 'Make /proc (Linux) or the command `ps` available.',
    });
  }
  const temporary = join(directory, `${name}.lock-${process.pid}.tmp`);
  writeFileSync(temporary, JSON.stringify(self), { mode: 0o600 });
  try {
    for (;;) {
      const highest = generations(directory, name)[0] ?? 0;
      const owner = livingOwner(directory, name, highest);
      if (owner !== undefined) return owner.pid === process.pid ? { kind: 'taken' } : { kind: 'held', by: owner };
      const mine = highest + 1;
      if (!linked(temporary, join(directory, `${name}.lock.${mine}`))) continue;
      const [newHighest, ...older] = generations(directory, name);
      if (newHighest !== mine) {
        rmSync(join(directory, `${name}.lock.${mine}`), { force: true });
        continue;
      }
      for (const old of older) rmSync(join(directory, `${name}.lock.${old}`), { force: true });
      return { kind: 'taken' };
    }
  } finally {
    rmSync(temporary, { force: true });
  }
}

/** The living process that has a lock; `undefined` when nobody does, or the directory is not there. */
export function lockOwner(directory: string, name: string): ProcessIdentity | undefined {
  try {
    return livingOwner(directory, name, generations(directory, name)[0] ?? 0);
  } catch (error) {
    if (hasSystemCode(error, 'ENOENT')) return undefined;
    throw error;
  }
}

function livingOwner(directory: string, name: string, generation: number): ProcessIdentity | undefined {
  const owner = generation === 0 ? undefined : readOwner(join(directory, `${name}.lock.${generation}`));
  return owner !== undefined && isSameProcess(owner) ? owner : undefined;
}

/** Highest first. */
function generations(directory: string, name: string): readonly number[] {
  const prefix = `${name}.lock.`;
  return readdirSync(directory)
    .filter((entry) => entry.startsWith(prefix) && /^\d+$/.test(entry.slice(prefix.length)))
    .map((entry) => Number(entry.slice(prefix.length)))
    .sort((a, b) => b - a);
}

/** Throws when the file is there and cannot be read: nobody may take over because descriptors have run out. */
function readOwner(file: string): ProcessIdentity | undefined {
  try {
    const value: unknown = JSON.parse(readFileSync(file, 'utf8'));
    if (typeof value !== 'object' || value === null || !('pid' in value) || !('startTime' in value)) return undefined;
    const { pid, startTime } = value;
    return typeof pid === 'number' && typeof startTime === 'string' ? { pid, startTime } : undefined;
  } catch (error) {
    if (error instanceof SyntaxError || hasSystemCode(error, 'ENOENT')) return undefined;
    throw error;
  }
}

/** A hard link appears whole or not at all, and never replaces a file. */
function linked(existing: string, path: string): boolean {
  try {
    linkSync(existing, path);
    return true;
  } catch (error) {
    if (hasSystemCode(error, 'EEXIST')) return false;
    throw error;
  }
}
