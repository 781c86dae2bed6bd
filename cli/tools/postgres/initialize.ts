import {
  chownSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { AgentctlError } from '../../errors.js';
import { runToEnd } from '../process/index.js';
import type { PostgresBinaries } from './binaries.js';
import { adminRole } from './names.js';
import type { PostgresHome } from './home.js';
import { postgresEnvironment } from './server-process.js';

const initdbTimeoutSeconds = 120;

/**
 * Makes the data directory unless it is there. It appears whole or not at all: initdb works in a directory beside it that
 * is renamed at the end, and one left by an interrupted attempt is removed first.
 *
 * @throws AgentctlError EnvironmentNotReady: initdb fails, or the data is of another major version than the programs
 */
export async function initializePostgres(options: {
  readonly binaries: PostgresBinaries;
  readonly home: PostgresHome;
  readonly adminPassword: string;
}): Promise<void> {
  const { binaries, home } = options;
  if (existsSync(join(home.dataDirectory, 'PG_VERSION'))) {
    await assertSameMajor(binaries, home);
    return;
  }
  if (existsSync(home.dataDirectory) && readdirSync(home.dataDirectory).length > 0) {
    throw new AgentctlError('EnvironmentNotReady', `${home.dataDirectory} is no data directory of PostgreSQL`, {
      fix: 'Look at what is in it, move it away, and deploy again.',
    });
  }
  const parent = dirname(home.dataDirectory);
  const prefix = `${basename(home.dataDirectory)}-initializing-`;
  for (const entry of readdirSync(parent)) {
    if (entry.startsWith(prefix)) rmSync(join(parent, entry), { recursive: true, force: true });
  }
  const workDirectory = mkdtempSync(join(parent, prefix));
  const passwordFile = join(workDirectory, 'password');
  try {
    writeFileSync(passwordFile, options.adminPassword, { mode: 0o600, flag: 'wx' });
    mkdirSync(join(workDirectory, 'data'), { mode: 0o700 });
    if (home.user !== null) {
      for (const path of [workDirectory, passwordFile, join(workDirectory, 'data')]) {
        chownSync(path, home.user.uid, home.user.gid);
      }
    }
    await runInitdb(binaries, home, join(workDirectory, 'data'), passwordFile);
    renameSync(join(workDirectory, 'data'), home.dataDirectory);
  } finally {
    rmSync(workDirectory, { recursive: true, force: true });
  }
}

async function runInitdb(
  binaries: PostgresBinaries,
  home: PostgresHome,
  directory: string,
  passwordFile: string,
): Promise<void> {
  const result = await runToEnd({
    command: binaries.initdb,
    args: [
      `--pgdata=${directory}`,
      `--username=${adminRole}`,
      `--pwfile=${passwordFile}`,
      '--auth=scram-sha-256',
      '--encoding=UTF8',
      // What a disk has spoiled is found when it is read, at the latest when a backup is verified.
      '--data-checksums',
      // The built-in provider sorts by code point on every platform, whatever locales the system has.
      '--locale=C',
      '--locale-provider=builtin',
      '--builtin-locale=C.UTF-8',
      '--no-instructions',
    ],
    workingDirectory: dirname(directory),
    environment: postgresEnvironment(home),
    ...(home.user === null ? {} : { user: home.user }),
    timeoutSeconds: initdbTimeoutSeconds,
  });
  if (result.exitCode === 0) return;
  throw new AgentctlError('EnvironmentNotReady', `initdb failed (${result.signal ?? `exit ${result.exitCode}`})`, {
    fix: 'Correct what initdb reports and deploy again.',
    detail: result.output.trim(),
  });
}

async function assertSameMajor(binaries: PostgresBinaries, home: PostgresHome): Promise<void> {
  const dataMajor = readFileSync(join(home.dataDirectory, 'PG_VERSION'), 'utf8').trim();
  const result = await runToEnd({
    command: binaries.postgres,
    args: ['--version'],
    workingDirectory: dirname(home.dataDirectory),
    environment: postgresEnvironment(home),
    ...(home.user === null ? {} : { user: home.user }),
    timeoutSeconds: 10,
  });
  const binaryMajor = /(\d+)(?:\.\d+)?\s*$/.exec(result.output)?.[1];
  if (binaryMajor === undefined) {
    throw new AgentctlError('EnvironmentNotReady', `the PostgreSQL programs do not run on this machine`, {
      fix: 'Use `clouds.local.runtime: docker`, or run on a system with glibc.',
      detail: result.output.trim(),
    });
  }
  if (binaryMajor === dataMajor) return;
  throw new AgentctlError(
    'EnvironmentNotReady',
    `the data in ${home.dataDirectory} is of PostgreSQL ${dataMajor}, this agentctl brings ${binaryMajor}`,
    {
      fix: `Dump the data with the agentctl version that made it, move ${home.dataDirectory} away, deploy, and restore the dump.`,
    },
  );
}
