import { closeSync, openSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { AgentctlError } from '../../errors.js';
import { type OutputSinks, type RunningProcess, passedEnvironment, runToEnd, startProcess } from '../process/index.js';
import type { PostgresBinaries } from './binaries.js';
import type { PostgresHome } from './home.js';
import { adminRole } from './names.js';
import { disarmStalePidFile } from './pid-file.js';
import { scramVerifier } from './scram-verifier.js';

/** A fast shutdown (SIGINT) ends sessions and writes a checkpoint. */
const fastShutdownSeconds = 20;

/** The environment of every PostgreSQL program: no PG* variable and no locale of ours. */
export function postgresEnvironment(home: PostgresHome): Record<string, string> {
  return { ...passedEnvironment({ PATH: process.env['PATH'] }), HOME: dirname(home.dataDirectory), LC_ALL: 'C' };
}

/**
 * Starts the server on a loopback port. It takes queries a little later.
 *
 * @throws AgentctlError EnvironmentNotReady, ToolMissing: it cannot be started
 */
export async function startPostgres(
  options: { readonly binaries: PostgresBinaries; readonly home: PostgresHome; readonly port: number } & OutputSinks,
): Promise<RunningProcess> {
  disarmStalePidFile(options.home.dataDirectory);
  return await startProcess({
    command: options.binaries.postgres,
    args: [
      '-D',
      options.home.dataDirectory,
      ...settings({
        listen_addresses: '127.0.0.1',
        port: String(options.port),
        // Anyone on the machine could connect to a socket in /tmp; the password is asked for either way.
        unix_socket_directories: '',
        logging_collector: 'off',
        log_destination: 'stderr',
        log_line_prefix: '%p %q%u@%d ',
        password_encryption: 'scram-sha-256',
      }),
    ],
    workingDirectory: dirname(options.home.dataDirectory),
    environment: postgresEnvironment(options.home),
    ...(options.home.user === null ? {} : { user: options.home.user }),
    onOutput: options.onOutput,
  });
}

/** Ends the server in good order; SIGKILL only when that takes too long. */
export async function stopPostgres(server: RunningProcess): Promise<void> {
  await server.stop({ graceSeconds: fastShutdownSeconds, signal: 'SIGINT' });
}

/**
 * Gives the superuser another password while the server is stopped, for data whose secret store was lost. Whoever owns
 * the data directory may do this anyway.
 *
 * @throws AgentctlError EnvironmentNotReady: it fails
 */
export async function resetAdminPassword(options: {
  readonly binaries: PostgresBinaries;
  readonly home: PostgresHome;
  readonly adminPassword: string;
}): Promise<void> {
  const { home } = options;
  const file = join(dirname(home.dataDirectory), `reset-${process.pid}.sql`);
  writeFileSync(file, `ALTER ROLE ${adminRole} PASSWORD '${scramVerifier(options.adminPassword)}'\n`, { mode: 0o600 });
  const input = openSync(file, 'r');
  try {
    const result = await runToEnd({
      command: options.binaries.postgres,
      args: ['--single', '-D', home.dataDirectory, ...settings({ exit_on_error: 'on' }), 'postgres'],
      workingDirectory: dirname(home.dataDirectory),
      environment: postgresEnvironment(home),
      ...(home.user === null ? {} : { user: home.user }),
      inputDescriptor: input,
      timeoutSeconds: 60,
    });
    if (result.exitCode === 0) return;
    throw new AgentctlError(
      'EnvironmentNotReady',
      `cannot open the data in ${home.dataDirectory} with a new password`,
      {
        fix: `Restore the secret store the data was made with, or move ${home.dataDirectory} away.`,
        detail: result.output.trim(),
      },
    );
  } finally {
    closeSync(input);
    rmSync(file, { force: true });
  }
}

function settings(values: Readonly<Record<string, string>>): readonly string[] {
  return Object.entries(values).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
}
