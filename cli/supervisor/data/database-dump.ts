import { createHash } from 'node:crypto';
import { closeSync, fsyncSync, openSync, writeSync } from 'node:fs';
import { AgentctlError } from '../../errors.js';
import { containerCommands } from '../../tools/containers/index.js';
import { engineEnvironment } from '../../tools/engine/index.js';
import {
  type AdminConnection,
  type BaseBackup,
  adminRole,
  asAdmin,
  schemaRevision,
  serverVersion,
} from '../../tools/postgres/index.js';
import { type ProcessEnd, startProcess } from '../../tools/process/index.js';
import type { SupervisorContext } from '../supervisor-context.js';
import { postgresServer } from './postgres-container.js';

/** `pg_dump` and `pg_restore` come from the server's own image, so that their version is that of the server. */
const dumpArguments = ['--format=custom', '--no-password', `--username=${adminRole}`];
const restoreArguments = ['--exit-on-error', '--no-password', `--username=${adminRole}`];

/** What a dump is taken of, and where it goes. */
export interface DumpOptions {
  readonly connection: AdminConnection;
  readonly database: string;
  /** Must not exist. Left incomplete on failure. */
  readonly file: string;
  readonly signal: AbortSignal;
  /** Called with what has been written so far. */
  readonly onBytes: (bytes: number) => void;
}

/**
 * Dumps a database with the `pg_dump` of its container, which goes on taking writes. The dump is of one moment.
 *
 * @throws AgentctlError ToolFailed with its last lines; what the disk and the signal throw
 */
export async function takeDump(context: SupervisorContext, options: DumpOptions): Promise<BaseBackup> {
  const { connection, database, file, signal, onBytes } = options;
  const about = await asAdmin(connection, database, async (client) => {
    return { postgresVersion: await serverVersion(client), revision: await schemaRevision(client) };
  });
  const hash = createHash('sha256');
  let bytes = 0;
  const descriptor = openSync(file, 'wx', 0o600);
  try {
    await inServer(context, ['pg_dump', ...dumpArguments, database], {
      signal,
      onOutput: (chunk) => {
        writeSync(descriptor, chunk);
        hash.update(chunk);
        bytes += chunk.length;
        onBytes(bytes);
      },
    });
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
  return { ...about, bytes, sha256: hash.digest('hex') };
}

/**
 * Fills an empty database from a dump.
 *
 * @throws AgentctlError ToolFailed with the last lines of `pg_restore`; what the signal throws
 */
export async function loadDump(
  context: SupervisorContext,
  { file, database, signal }: { readonly file: string; readonly database: string; readonly signal: AbortSignal },
): Promise<void> {
  const inputDescriptor = openSync(file, 'r');
  try {
    await inServer(context, ['pg_restore', ...restoreArguments, '--dbname', database], { signal, inputDescriptor });
  } finally {
    closeSync(inputDescriptor);
  }
}

interface InServerOptions {
  readonly signal: AbortSignal;
  readonly inputDescriptor?: number;
  readonly onOutput?: (chunk: Buffer) => void;
}

/** Lines kept for the message when it fails. */
const keptLines = 20;

/** Runs a program in the container of the server to its end. */
async function inServer(
  { containers }: SupervisorContext,
  command: readonly [string, ...string[]],
  { signal, inputDescriptor, onOutput }: InServerOptions,
): Promise<void> {
  signal.throwIfAborted();
  const { engine } = await containers.ready();
  const name = containers.serverName(postgresServer);
  let said = '';
  let failure: unknown;
  const child = await startProcess({
    command: engine.program,
    args: containerCommands.exec(name, command, { stdin: inputDescriptor !== undefined }),
    workingDirectory: '/',
    environment: engineEnvironment(containers.environment),
    ...(inputDescriptor === undefined ? {} : { inputDescriptor }),
    onOutput: (stream, chunk) => {
      try {
        if (stream === 'out') onOutput?.(chunk);
        else said += chunk.toString('utf8');
      } catch (error) {
        failure ??= error;
      }
    },
  });
  const stop = (): void => void child.stop({ graceSeconds: 2 });
  signal.addEventListener('abort', stop, { once: true });
  const end = await child.ended;
  signal.removeEventListener('abort', stop);
  signal.throwIfAborted();
  if (failure !== undefined) throw failure;
  if (end.exitCode !== 0) throw failed(command[0], end, said);
}

function failed(program: string, end: ProcessEnd, said: string): AgentctlError {
  return new AgentctlError('ToolFailed', `${program} ended with ${end.exitCode ?? end.signal}`, {
    fix: 'Read its last lines, mend what they name, and try again.',
    detail: said.trimEnd().split('\n').slice(-keptLines).join('\n'),
  });
}
