import type { Readable, Writable } from 'node:stream';
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
  /** Its standard input, when it was started with a pipe. Writing to it never throws: it may end before it has read all. */
  readonly input: Writable | undefined;
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
  /** Asked after each chunk: a stream is not read on before this resolves. @default - read as it comes */
  readonly holdUp?: (stream: 'out' | 'err') => Promise<void> | undefined;
}

/** Output that arrives after the process has ended is waited for this long: something outside the group may hold the pipe. */
const outputWaitMilliseconds = 1000;
/** How often it is looked whether held up output was taken. */
const pollMilliseconds = 50;
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
  child.stdin?.on('error', () => undefined);
  const output = readOutput({ out: child.stdout, err: child.stderr }, options);
  const exited = new Promise<ProcessEnd>((resolve) => {
    child.once('exit', (exitCode, signal) => resolve({ exitCode, signal }));
    child.on('error', () => undefined);
  });
  let hasExited = false;
  const ended = exited.then(async (end) => {
    hasExited = true;
    if (isGroupAlive(pid)) await stopGroup(pid, { graceSeconds: remainsGraceSeconds });
    await output.finished();
    child.stdout?.destroy();
    child.stderr?.destroy();
    return end;
  });
  return {
    identity,
    input: child.stdin ?? undefined,
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

interface OutputReader {
  /** Resolves when both streams were read to their end, or when the process has ended and nothing more comes. */
  finished(): Promise<void>;
}

function readOutput(
  streams: { readonly out: Readable | null; readonly err: Readable | null },
  { onOutput, holdUp }: OutputSinks,
): OutputReader {
  let held = 0;
  let lastRead = performance.now();
  const read = async (name: 'out' | 'err', stream: Readable | null): Promise<void> => {
    if (stream === null) return;
    stream.on('data', (chunk: Buffer) => {
      onOutput(name, chunk);
      lastRead = performance.now();
      const hold = holdUp?.(name);
      if (hold === undefined) return;
      held += 1;
      stream.pause();
      void hold.finally(() => {
        held -= 1;
        lastRead = performance.now();
        stream.resume();
      });
    });
    stream.on('error', () => undefined);
    await new Promise((resolve) => stream.once('close', resolve));
  };
  const bothRead = Promise.all([read('out', streams.out), read('err', streams.err)]);
  return {
    async finished() {
      const waited = new AbortController();
      lastRead = performance.now();
      const quiet = async (): Promise<void> => {
        for (;;) {
          const left = lastRead + outputWaitMilliseconds - performance.now();
          if (waited.signal.aborted || (held === 0 && left <= 0)) return;
          await sleep(Math.max(left, pollMilliseconds), undefined, { signal: waited.signal, ref: false }).catch(
            () => undefined,
          );
        }
      };
      await Promise.race([bothRead, quiet()]);
      waited.abort();
    },
  };
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
