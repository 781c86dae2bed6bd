import { readFile, rm, writeFile } from 'node:fs/promises';
import { AgentctlError, hasSystemCode, isAgentctlError } from '../../errors.js';
import {
  createLineSplitter,
  describeEnd,
  isSameProcess,
  type ProcessIdentity,
  startProcess,
  stopGroup,
} from '../process/index.js';

/** A build holds no state worth winding down, and a second Ctrl-C ends us one second after the first. */
const interruptGraceSeconds = 0.5;
/** Lines of a failed build that are shown. */
const shownLines = 20;

export interface RunBuildOptions {
  readonly argv: readonly string[];
  readonly directory: string;
  readonly env: Readonly<Record<string, string>>;
  /** Names the running command, so that a build whose agentctl was killed can be ended by the next one. */
  readonly markerFile: string;
  readonly signal: AbortSignal;
  readonly log: (line: string) => void;
}

/**
 * Runs one build command to its end.
 *
 * @throws BuildFailed with its last lines; Interrupted when the signal aborts, after the whole process group is gone
 */
export async function runBuild({ argv, directory, env, markerFile, signal, log }: RunBuildOptions): Promise<void> {
  const [command = '', ...args] = argv;
  const shown: string[] = [];
  const splitters = { out: createLineSplitter(), err: createLineSplitter() };
  const show = (lines: readonly string[]): void => {
    lines.forEach(log);
    shown.push(...lines);
    shown.splice(0, shown.length - shownLines);
  };

  log(`$ ${argv.join(' ')}`);
  const child = await startProcess({
    command,
    args,
    workingDirectory: directory,
    environment: env,
    onOutput: (stream, chunk) => show(splitters[stream].push(chunk)),
  }).catch((error: unknown) => {
    throw isAgentctlError(error) ? buildFailed(error.message, [error.fix], error) : error;
  });
  const stop = (): void => void child.stop({ graceSeconds: interruptGraceSeconds });
  signal.addEventListener('abort', stop, { once: true });
  if (signal.aborted) stop();
  await writeFile(markerFile, JSON.stringify(child.identity));
  const end = await child.ended;
  signal.removeEventListener('abort', stop);
  await rm(markerFile, { force: true });
  show([...splitters.out.finish(), ...splitters.err.finish()]);
  if (signal.aborted) throw new AgentctlError('Interrupted', 'the build was interrupted', { fix: 'deploy again' });
  if (end.exitCode !== 0) throw buildFailed(`"${argv.join(' ')}" ended with ${describeEnd(end)}`, shown);
}

/** Ends a build command that outlived the agentctl that started it: it writes where the next build is about to. */
export async function endAbandonedBuild(markerFile: string): Promise<void> {
  const text = await readFile(markerFile, 'utf8').catch((error: unknown) => {
    if (hasSystemCode(error, 'ENOENT')) return undefined;
    throw error;
  });
  if (text === undefined) return;
  const identity = parseIdentity(text);
  if (identity !== undefined && isSameProcess(identity)) await stopGroup(identity.pid, { graceSeconds: 0 });
  await rm(markerFile, { force: true });
}

function parseIdentity(text: string): ProcessIdentity | undefined {
  const match = /^\{"pid":(\d+),"startTime":"([^"]+)"\}$/.exec(text);
  return match === null ? undefined : { pid: Number(match[1]), startTime: match[2] ?? '' };
}

function buildFailed(reason: string, lines: readonly string[], cause?: unknown): AgentctlError {
  return new AgentctlError('BuildFailed', `the build failed: ${reason}`, {
    fix: 'nothing was deployed; mend what its last lines name and deploy again',
    detail: lines.map((line) => `  | ${line}`).join('\n'),
    cause,
  });
}
