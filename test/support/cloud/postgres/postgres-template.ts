import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  realpathSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir, userInfo } from 'node:os';
import { dirname, join } from 'node:path';
import {
  bundledPostgresVersion,
  databaseOsUser,
  initializePostgres,
  type OsUser,
  type PostgresBinaries,
  preparePostgresBinaries,
  preparePostgresHome,
} from '../../../../cli/tools/postgres/index.js';
import { runToEnd } from '../../../../cli/tools/process/index.js';

/** What every database begins with: a data directory that initdb has made once. */
export interface PostgresTemplate {
  readonly binaries: PostgresBinaries;
  readonly user: OsUser | undefined;
  readonly dataDirectory: string;
  /** Of the superuser, which is the provider's. */
  readonly adminPassword: string;
}

let made: Promise<PostgresTemplate> | undefined;

/** Made once per machine and version, and kept: initdb takes a second or two. */
export function postgresTemplate(): Promise<PostgresTemplate> {
  made ??= make();
  return made;
}

async function make(): Promise<PostgresTemplate> {
  const cache = join(tmpdir(), `agentctl-test-postgres-${bundledPostgresVersion()}-${userInfo().uid}`);
  mkdirSync(cache, { recursive: true, mode: 0o755 });
  const user = await databaseOsUser();
  const binaries = await preparePostgresBinaries({ copyDirectory: join(cache, 'binaries'), user });
  const adminPassword = 'of-the-provider';
  const template = join(cache, 'template');
  if (!existsSync(template)) {
    const root = openDirectory('fake-postgres-template-');
    const home = await preparePostgresHome({ preferredDirectory: join(root, 'postgres'), key: 'fake-postgres', user });
    await initializePostgres({ binaries, home, adminPassword });
    await certify(home.dataDirectory, user);
    try {
      renameSync(dirname(home.dataDirectory), template);
    } catch (error) {
      // Another process was quicker.
      if (!existsSync(template)) throw error;
    }
    rmSync(root, { recursive: true, force: true });
  }
  return { binaries, user, dataDirectory: join(template, 'data'), adminPassword };
}

/** A directory that the database's own user may go through. */
export function openDirectory(prefix: string): string {
  const directory = realpathSync(mkdtempSync(join(tmpdir(), prefix)));
  chmodSync(directory, 0o755);
  return directory;
}

/** Clients ask for TLS. Without openssl there is none. */
async function certify(dataDirectory: string, user: OsUser | undefined): Promise<void> {
  const config = join(dataDirectory, 'openssl.cnf');
  writeFileSync(config, '[req]\ndistinguished_name=dn\n[dn]\n');
  const end = await runToEnd({
    command: 'openssl',
    args: [
      'req',
      '-x509',
      '-config',
      config,
      '-newkey',
      'rsa:2048',
      '-nodes',
      '-days',
      '30',
      '-subj',
      '/CN=fake-postgres',
    ].concat(['-keyout', 'server.key', '-out', 'server.crt']),
    workingDirectory: dataDirectory,
    environment: { PATH: process.env['PATH'] ?? '' },
    ...(user === undefined ? {} : { user }),
    timeoutSeconds: 60,
  }).catch(() => undefined);
  rmSync(config);
  if (end?.exitCode !== 0) rmSync(join(dataDirectory, 'server.key'), { force: true });
}
