import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { passedEnvironment } from './passed-environment.js';

/** How a child is started. The environment is given whole: nothing of ours is inherited. */
export interface SpawnOptions {
  readonly command: string;
  readonly args: readonly string[];
  /** Absolute. */
  readonly workingDirectory: string;
  readonly environment: Readonly<Record<string, string>>;
  /** Runs as this user (needs root). @default - our own user */
  readonly user?: { readonly uid: number; readonly gid: number };
  /** Open file to read as standard input; `pipe`: what is written to the `input` of the process. @default - nothing */
  readonly inputDescriptor?: number | 'pipe';
  /** @default pipe */
  readonly stdio?: 'pipe' | { readonly outputDescriptor: number };
}

/** Starts a child in a process group of its own, so that stopping it reaches its children and a Ctrl-C does not. */
export function spawnDetached(options: SpawnOptions): ChildProcess {
  const output =
    options.stdio === undefined || options.stdio === 'pipe' ? ('pipe' as const) : options.stdio.outputDescriptor;
  return spawn(options.command, options.args, {
    cwd: options.workingDirectory,
    env: options.environment,
    detached: true,
    stdio: [options.inputDescriptor ?? 'ignore', output, output],
    ...(options.user === undefined ? {} : { uid: options.user.uid, gid: options.user.gid }),
  });
}

/**
 * Standard output of a short command of the operating system; empty when it fails or does not exist. Always in the same
 * language and time zone: what `ps` says of a process must be the same for everybody who asks.
 */
export function captureOutput(command: string, args: readonly string[]): string {
  const result = spawnSync(command, args, {
    encoding: 'utf8',
    timeout: 5000,
    stdio: ['ignore', 'pipe', 'ignore'],
    env: { ...passedEnvironment({ PATH: process.env['PATH'] }), LC_ALL: 'C', TZ: 'UTC' },
  });
  return result.status === 0 ? result.stdout : '';
}
