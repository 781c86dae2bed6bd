import { AgentctlError } from '../../errors.js';
import { createLineSplitter, describeEnd, startProcess } from '../process/index.js';
import type { CommandLine } from '../run.js';

/** A build holds no state worth winding down for long, but buildah and podman unmount what they have mounted. */
const interruptGraceSeconds = 3;
/** Lines kept of what was printed: enough to name what went wrong. */
const keptLines = 60;

/** How a program of a container engine ended. */
export interface ImageToolEnd {
  readonly succeeded: boolean;
  /** `exit 1` or `SIGKILL`. */
  readonly how: string;
  /** Standard output alone, whole. */
  readonly stdout: string;
  /** The last lines of both streams. */
  readonly lines: readonly string[];
}

/** What {@link runImageTool} takes besides the command. */
export interface ImageToolOptions {
  readonly signal: AbortSignal;
  /** Standard input: where passwords go, for they would be seen in arguments. */
  readonly input?: string;
  readonly onLine?: (line: string) => void;
}

/**
 * Runs a program of a container engine to its end; a failing exit code is a result.
 *
 * @throws ToolMissing; Interrupted when the signal aborts, after its whole process group is gone
 */
export async function runImageTool(
  { argv, cwd, env }: CommandLine,
  { signal, input, onLine }: ImageToolOptions,
): Promise<ImageToolEnd> {
  if (signal.aborted) throw interrupted(argv[0]);
  const [command, ...args] = argv;
  const out: Buffer[] = [];
  const lines: string[] = [];
  const splitters = { out: createLineSplitter(), err: createLineSplitter() };
  const show = (found: readonly string[]): void => {
    for (const line of found) onLine?.(line);
    lines.push(...found);
    lines.splice(0, lines.length - keptLines);
  };
  const child = await startProcess({
    command,
    args,
    workingDirectory: cwd ?? '/',
    environment: env,
    ...(input === undefined ? {} : { inputDescriptor: 'pipe' as const }),
    onOutput: (stream, chunk) => {
      if (stream === 'out') out.push(chunk);
      show(splitters[stream].push(chunk));
    },
  });
  child.input?.end(input);
  const stop = (): void => void child.stop({ graceSeconds: interruptGraceSeconds });
  signal.addEventListener('abort', stop, { once: true });
  if (signal.aborted) stop();
  const end = await child.ended;
  signal.removeEventListener('abort', stop);
  show([...splitters.out.finish(), ...splitters.err.finish()]);
  if (signal.aborted) throw interrupted(command);
  return {
    succeeded: end.exitCode === 0,
    how: describeEnd(end),
    stdout: Buffer.concat(out).toString('utf8'),
    lines,
  };
}

function interrupted(command: string): AgentctlError {
  return new AgentctlError('Interrupted', `"${command}" was interrupted`, { fix: 'run the command again' });
}
