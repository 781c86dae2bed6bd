import type { Readable } from 'node:stream';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { AgentctlError, messageOf } from '../../errors.js';
import { type StopGroupOptions, isGroupAlive, signalGroup, stopGroup } from './group.js';
import { type ProcessIdentity, identityOf } from './identity.js';
import { type SpawnOptions, spawnDetached } from './spawn.js';

/** How a process ended. */
export interface ProcessEnd {
  /** Null when a signal ended it. */
  readonly exitCode: number | null;
  readonly signal: NodeJS.Signals | null;
}

/** A child that runs, with its whole process group. */
export interface RunningProcess {
  readonly identity: ProcessIdentity;
  /** Resolves when it has ended, nothing of its group is left and its output was read. */
  readonly ended: Promise<ProcessEnd>;
  /** Signals the whole group. */
  signal(signal: NodeJS.Signals): void;
  /** Ends the whole group and resolves when it is gone. Safe to call when it has ended. */
  stop(options: StopGroupOptions): Promise<void>;
}

/** What becomes of a child's output. */
export interface OutputSinks {
  readonly onOutput: (stream: 'out' | 'err', chunk: Buffer) => void;
}

/** Output that arrives after the process has ended is waited for this long: something outside the group may hold the pipe. */
const outputWaitMilliseconds = 1000;
/** What a process leaves behind in its group when it ends gets this long to follow. */
const remainsGraceSeconds = 1;

/**
 * Starts a long-running child.
 *
 * @throws AgentctlError ToolMissing: the command does not exist or may not be run; EnvironmentNotReady: anything else
 *   the operating system refuses
 */
export async function startProcess(options: Omit<SpawnOptions, 'stdio'> & OutputSinks): Promise<RunningProcess> {
  const child = spawnDetached({ ...options, stdio: 'pipe' });
  const { pid } = child;
  if (pid === undefined) {
    const [error] = await once(child, 'error');
    throw startError(options, error);
  }
  // Read at once, while the child cannot have been replaced by another process.
  const identity = identityOf(pid) ?? { pid, startTime: 'ended' };
  const outputRead = Promise.all([
    readOutput(child.stdout, (chunk) => options.onOutput('out', chunk)),
    readOutput(child.stderr, (chunk) => options.onOutput('err', chunk)),
  ]);
  const exited = new Promise<ProcessEnd>((resolve) => {
    child.once('exit', (exitCode, signal) => resolve({ exitCode, signal }));
    child.on('error', () => undefined);
  });
  let hasExited = false;
  const ended = exited.then(async (end) => {
    hasExited = true;
    if (isGroupAlive(pid)) await stopGroup(pid, { graceSeconds: remainsGraceSeconds });
    const waited = new AbortController();
    await Promise.race([
      outputRead,
      sleep(outputWaitMilliseconds, undefined, { signal: waited.signal, ref: false }).catch(() => undefined),
    ]);
    waited.abort();
    child.stdout?.destroy();
    child.stderr?.destroy();
    return end;
  });
  return {
    identity,
    ended,
    signal: (signal) => {
      if (!hasExited) signalGroup(pid, signal);
    },
    stop: async (stopOptions) => {
      if (!hasExited) await stopGroup(pid, stopOptions);
      await ended;
    },
  };
}

/** `exit 1` or `SIGKILL`. */
export function describeEnd(end: ProcessEnd): string {
  return end.signal ?? `exit ${end.exitCode ?? 'unknown'}`;
}

async function readOutput(stream: Readable | null, onChunk: (chunk: Buffer) => void): Promise<void> {
  if (stream === null) return;
  stream.on('data', onChunk);
  stream.on('error', () => undefined);
  await new Promise((resolve) => stream.once('close', resolve));
}

function startError(options: Pick<SpawnOptions, 'command' | 'workingDirectory'>, cause: unknown): AgentctlError {
  const code = cause instanceof Error && 'code' in cause ? cause.code : undefined;
  if (code === 'ENOENT' && !existsSync(options.workingDirectory)) {
    return new AgentctlError('EnvironmentNotReady', `working directory ${options.workingDirectory} does not exist`, {
      fix: 'Deploy again; it makes a new copy of the source.',
      cause,
    });
  }
  if (code === 'ENOENT') {
    return new AgentctlError('ToolMissing', `command "${options.command}" was not found`, {
      fix: `Install ${options.command} or correct the command; it is looked up on PATH, from ${options.workingDirectory}.`,
      cause,
    });
  }
  if (code === 'EACCES') {
    return new AgentctlError('ToolMissing', `command "${options.command}" may not be run`, {
      fix: `Make ${options.command} executable (chmod +x).`,
      cause,
    });
  }
  return new AgentctlError('EnvironmentNotReady', `cannot start "${options.command}": ${messageOf(cause)}`, {
    fix: 'Correct what the operating system reports and try again.',
    cause,
  });
}
