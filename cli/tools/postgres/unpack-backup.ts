import { chmodSync, chownSync, mkdirSync } from 'node:fs';
import { AgentctlError, hasSystemCode, messageOf } from '../../errors.js';
import { type ArchiveDigest, digestOfFile, unpackArchive } from './archive.js';
import type { PostgresHome } from './home.js';

/**
 * Makes sure that an archive is the one that was written.
 *
 * @throws AgentctlError StateUnreadable: it is not, or it is gone
 */
export async function assertArchiveIntact(file: string, expected: ArchiveDigest, signal: AbortSignal): Promise<void> {
  const found = await digestOfFile(file, signal).catch((cause: unknown) => {
    signal.throwIfAborted();
    throw damaged(file, messageOf(cause), cause);
  });
  if (found.sha256 === expected.sha256) return;
  throw damaged(
    file,
    `it has sha256 ${found.sha256} and ${found.bytes} bytes, not ${expected.sha256} and ${expected.bytes}`,
  );
}

/**
 * Unpacks a base copy into a new data directory, that of `home`, owned by the user its server runs as.
 *
 * @throws AgentctlError EnvironmentNotReady: the disk is full; StateUnreadable: the archive is damaged
 */
export async function unpackBackup(file: string, home: PostgresHome, signal: AbortSignal): Promise<void> {
  const { dataDirectory, user } = home;
  mkdirSync(dataDirectory, { mode: 0o700 });
  chmodSync(dataDirectory, 0o700);
  if (user !== null) chownSync(dataDirectory, user.uid, user.gid);
  try {
    await unpackArchive(file, dataDirectory, { owner: user, signal });
  } catch (cause) {
    signal.throwIfAborted();
    if (!hasSystemCode(cause, 'ENOSPC') && !hasSystemCode(cause, 'EDQUOT'))
      throw damaged(file, messageOf(cause), cause);
    throw new AgentctlError(
      'EnvironmentNotReady',
      `the disk is full: there is no room for the data in ${dataDirectory}`,
      {
        fix: 'Free some space, for instance by deleting previous databases, and try again.',
        cause,
      },
    );
  }
}

function damaged(file: string, reason: string, cause?: unknown): AgentctlError {
  return new AgentctlError('StateUnreadable', `the backup ${file} is damaged: ${reason}`, {
    fix: 'Restore another backup, and delete this one.',
    cause,
  });
}
