import { chmodSync, lstatSync, mkdirSync } from 'node:fs';
import { userInfo } from 'node:os';
import { dirname, join } from 'node:path';
import { AgentctlError } from '../errors.js';
import { stateLayout } from './state-layout.js';

/** A unix socket path holds 104 bytes on macOS and 108 on Linux, with its terminating zero. */
const longestSocketPathBytes = 103;

/** Where the supervisor of a state directory listens. Outside the project: project paths are easily too long for a socket. */
export function socketPath(stateDirectory: string, environment: Readonly<Record<string, string | undefined>>): string {
  const file = `${stateLayout(stateDirectory).key}.sock`;
  const runtimeDirectory = environment['XDG_RUNTIME_DIR'];
  if (runtimeDirectory?.startsWith('/') === true) {
    const path = join(runtimeDirectory, 'agentctl', file);
    if (Buffer.byteLength(path) <= longestSocketPathBytes) return path;
  }
  return join('/tmp', `agentctl-${userInfo().uid}`, file);
}

/**
 * Makes the directory of a socket, 0700.
 *
 * @throws AgentctlError Refused: it is a link, or belongs to somebody else, who could then answer in our place.
 */
export function ensureSocketDirectory(path: string): void {
  const directory = dirname(path);
  mkdirSync(directory, { recursive: true, mode: 0o700 });
  assertOwnDirectory(directory);
  chmodSync(directory, 0o700);
}

/**
 * Checks that a socket directory is ours before anything is sent to a socket in it.
 *
 * @throws AgentctlError Refused: it is a link, or belongs to somebody else
 */
export function assertOwnDirectory(directory: string): void {
  const stats = lstatSync(directory);
  if (stats.isDirectory() && stats.uid === userInfo().uid) return;
  throw new AgentctlError('Refused', `the socket directory ${directory} is not a directory of user ${userInfo().uid}`, {
    fix: `Remove ${directory}, or set XDG_RUNTIME_DIR to a directory of your own.`,
  });
}
