import { chmodSync, chownSync, existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { type OsUser, mayUse } from './os-user.js';

/** Where the data of one database server lies, and who it belongs to. */
export interface PostgresHome {
  readonly dataDirectory: string;
  /** Programs are copied here if need be. */
  readonly binariesDirectory: string;
  /** A directory outside the state directory that holds all of this; null when there is none. */
  readonly externalDirectory: string | null;
  readonly user: OsUser | null;
}

const externalRoot = '/var/lib/agentctl';

/**
 * Chooses and makes the directory for the data: `preferredDirectory`, or, when the user PostgreSQL must run as cannot get
 * there (root's files are usually closed to others), one under /var/lib/agentctl.
 */
export async function preparePostgresHome(options: {
  readonly preferredDirectory: string;
  /** Names the external directory. */
  readonly key: string;
  readonly user: OsUser | undefined;
}): Promise<PostgresHome> {
  const { preferredDirectory, user } = options;
  const parent = dirname(preferredDirectory);
  if (user === undefined || (await mayUse(user, parent, ['-x']))) {
    ownDirectory(preferredDirectory, user);
    return {
      dataDirectory: join(preferredDirectory, 'data'),
      binariesDirectory: join(parent, 'postgres-binaries'),
      externalDirectory: null,
      user: user ?? null,
    };
  }
  const externalDirectory = externalPostgresDirectory(options.key);
  mkdirSync(externalDirectory, { recursive: true, mode: 0o755 });
  chmodSync(externalRoot, 0o755);
  chmodSync(externalDirectory, 0o755);
  const note = join(externalDirectory, 'README');
  if (!existsSync(note)) writeFileSync(note, `PostgreSQL data of agentctl for ${parent}\n`);
  ownDirectory(join(externalDirectory, 'postgres'), user);
  return {
    dataDirectory: join(externalDirectory, 'postgres', 'data'),
    binariesDirectory: join(externalDirectory, 'postgres-binaries'),
    externalDirectory,
    user,
  };
}

/** The directory outside the state directory for a key; it exists only where it was needed. */
export function externalPostgresDirectory(key: string): string {
  return join(externalRoot, key);
}

/** Makes the directory again if somebody has removed it. */
export function restorePostgresHome(home: PostgresHome): void {
  ownDirectory(dirname(home.dataDirectory), home.user ?? undefined);
}

function ownDirectory(directory: string, user: OsUser | undefined): void {
  mkdirSync(directory, { recursive: true, mode: 0o700 });
  chmodSync(directory, 0o700);
  if (user !== undefined) chownSync(directory, user.uid, user.gid);
}
