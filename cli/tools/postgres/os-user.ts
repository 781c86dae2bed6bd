import { userInfo } from 'node:os';
import { AgentctlError } from '../../errors.js';
import { type CompletedProcess, runToEnd } from '../process/index.js';

/** A user of the operating system. */
export interface OsUser {
  readonly uid: number;
  readonly gid: number;
}

const userName = 'postgres';
const systemPath = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';

/** shadow-utils, Debian's adduser, BusyBox. */
const creations: readonly (readonly string[])[] = [
  ['useradd', '--system', '--user-group', '--no-create-home', '--shell', '/usr/sbin/nologin', userName],
  ['adduser', '--system', '--group', '--no-create-home', userName],
  ['adduser', '-S', '-D', '-H', userName],
];

/**
 * Who PostgreSQL must run as: it refuses to run as root, so root needs the system user `postgres`, which is made when it
 * does not exist. `undefined`: as ourselves.
 *
 * @throws AgentctlError EnvironmentNotReady: the user cannot be made
 */
export async function databaseOsUser(): Promise<OsUser | undefined> {
  if (userInfo().uid !== 0) return undefined;
  const existing = await findUser();
  if (existing !== undefined) return existing;
  for (const creation of creations) {
    await system(creation).catch(() => undefined);
    const created = await findUser();
    if (created !== undefined) return created;
  }
  throw new AgentctlError(
    'EnvironmentNotReady',
    `cannot create the system user "${userName}", and PostgreSQL refuses to run as root`,
    {
      fix: `Create a system user named ${userName}, or run agentctl as a normal user.`,
    },
  );
}

/** Whether a user may use a path in the given ways (of `test`: `-r`, `-w`, `-x`). Asks the system itself, so that ACLs count. */
export async function mayUse(user: OsUser, path: string, ways: readonly string[]): Promise<boolean> {
  const tests = ways.map((way) => `test ${way} "$1"`).join(' && ');
  const result = await runToEnd({
    command: '/bin/sh',
    args: ['-c', tests, 'sh', path],
    workingDirectory: '/',
    environment: { PATH: systemPath },
    user,
    timeoutSeconds: 5,
  });
  return result.exitCode === 0;
}

async function findUser(): Promise<OsUser | undefined> {
  const [uid, gid] = await Promise.all([system(['id', '-u', userName]), system(['id', '-g', userName])]);
  if (uid.exitCode !== 0 || gid.exitCode !== 0) return undefined;
  return { uid: Number(uid.output.trim()), gid: Number(gid.output.trim()) };
}

function system([command = '', ...args]: readonly string[]): Promise<CompletedProcess> {
  return runToEnd({ command, args, workingDirectory: '/', environment: { PATH: systemPath }, timeoutSeconds: 20 });
}
