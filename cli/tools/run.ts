import { execa, ExecaError } from 'execa';
import { AgentctlError } from '../errors.js';

/** A command line as a value: built by pure functions, tested as data, run here. */
export interface CommandLine {
  readonly argv: readonly [string, ...string[]];
  readonly cwd?: string;
  /** The whole environment of the child: nothing is inherited. */
  readonly env: Readonly<Record<string, string>>;
  /** What it reads as standard input: a password, a list. One that is known later is waited for by the child. @default - nothing */
  readonly input?: string | Promise<string>;
}

export interface RunOptions {
  /** Asks the child to end with SIGINT, once, and waits for it: it may have state to put in order. */
  readonly signal: AbortSignal;
  /** Every line of stdout and stderr, in order of arrival. */
  readonly onLine?: (line: string) => void;
}

/** Lines kept for the error message of a command that fails. */
const keptLines = 20;

/**
 * Runs a command to its end and returns its standard output.
 *
 * The child gets a process group of its own, so that a Ctrl-C at the terminal does not reach it a second time beside
 * our own signal (two interrupts make terraform and others quit without winding down), and is never killed after a
 * delay (execa's default is SIGKILL after 5 s).
 *
 * @throws ToolMissing when the executable is not there, ToolFailed with its last lines when it exits non-zero
 */
export async function run(command: CommandLine, { signal, onLine }: RunOptions): Promise<string> {
  const [file, ...args] = command.argv;
  const lines: string[] = [];
  try {
    const child = execa(file, args, {
      ...(command.cwd === undefined ? {} : { cwd: command.cwd }),
      env: command.env,
      extendEnv: false,
      ...stdinOf(command.input),
      all: true,
      detached: true,
      cancelSignal: signal,
      forceKillAfterDelay: false,
      killSignal: 'SIGINT',
    });
    if (command.input instanceof Promise) {
      const end = (text?: string): unknown => child.stdin?.end(text);
      command.input.then(end, () => end());
    }
    for await (const line of child.iterable({ from: 'all' })) {
      lines.push(line);
      if (lines.length > keptLines) lines.shift();
      onLine?.(line);
    }
    return (await child).stdout;
  } catch (error) {
    throw toolError(command, lines, error);
  }
}

function stdinOf(input: CommandLine['input']) {
  if (input === undefined) return { stdin: 'ignore' as const };
  return typeof input === 'string' ? { input } : { stdin: 'pipe' as const };
}

function toolError({ argv, cwd }: CommandLine, lines: readonly string[], error: unknown): unknown {
  if (!(error instanceof ExecaError)) return error;
  if (error.code === 'ENOENT') {
    return new AgentctlError('ToolMissing', `cannot find the command "${argv[0]}"`, {
      fix: `install ${argv[0]}, or put it on the PATH${cwd === undefined ? '' : ` (looked from ${cwd})`}`,
      cause: error,
    });
  }
  const how = error.signal === undefined ? `exited with code ${error.exitCode}` : `was ended by ${error.signal}`;
  return new AgentctlError('ToolFailed', `"${argv.join(' ')}" ${how}`, {
    fix: 'read its last lines above, mend what they name, and run the same command again',
    detail: lines.join('\n'),
    cause: error,
  });
}
