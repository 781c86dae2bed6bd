import { spawn } from 'node:child_process';
import { existsSync, readdirSync, statSync } from 'node:fs';
import { createRequire } from 'node:module';
import { delimiter, dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';

const root = join(import.meta.dirname, '../..');

/** How the CLI is started: arguments of Node, and which of the two it is. */
export interface CliEntry {
  readonly kind: 'built' | 'source';
  readonly nodeArguments: readonly string[];
}

/**
 * What users run, `dist/bin/agentctl.js`, when it is newer than every source file: it starts in 0.2 s, the sources
 * through tsx in 1.2 s, and the supervisor twice as slowly again; these tests start some 150 of them. Otherwise the
 * sources, so that a forgotten build never tests yesterday's code.
 */
export function cliEntry(): CliEntry {
  const built = join(root, 'dist/bin/agentctl.js');
  const newest = Math.max(...['bin', 'cli', 'stacks', 'constructs'].map((name) => newestSource(join(root, name))));
  if (existsSync(built) && statSync(built).mtimeMs >= newest) return { kind: 'built', nodeArguments: [built] };
  const tsx = pathToFileURL(createRequire(import.meta.url).resolve('tsx')).href;
  return { kind: 'source', nodeArguments: ['--import', tsx, join(root, 'bin/agentctl.ts')] };
}

function newestSource(directory: string): number {
  const times = readdirSync(directory, { withFileTypes: true }).map((entry) => {
    const path = join(directory, entry.name);
    if (entry.isDirectory()) return newestSource(path);
    return entry.name.endsWith('.ts') ? statSync(path).mtimeMs : 0;
  });
  return Math.max(0, ...times);
}

const entry = cliEntry();

/** One run of the CLI after it has ended. */
export interface CliResult {
  /** Null when a signal ended it. */
  readonly exitCode: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
  readonly seconds: number;
}

/** A run of the CLI that may still go on. */
export interface CliRun {
  readonly pid: number;
  readonly ended: Promise<CliResult>;
  /** Resolves when stderr holds this text; throws when the run ends before, which it does after {@link longestSeconds}. */
  said(text: string): Promise<void>;
  /** The same for stdout. */
  printed(text: string): Promise<void>;
  /** Further standard input, with `keepsInput`. */
  type(text: string): void;
  /** As the terminal does on Ctrl-C: to the whole foreground group. */
  signal(name: NodeJS.Signals): void;
}

export interface CliOptions {
  readonly workingDirectory: string;
  /** The whole environment. */
  readonly environment: Readonly<Record<string, string>>;
  /** Standard input. @default - nothing, at its end */
  readonly input?: string;
  /** Standard input does not end after `input`. @default false */
  readonly keepsInput?: boolean;
  /** Commands put in front, such as setpriv. */
  readonly through?: readonly string[];
  /** When a run that hangs is killed, so that it fails its test instead of the whole suite. @default 50 */
  readonly limitSeconds?: number;
}

/** Longer than anything these tests do: a run that hangs fails its test instead of the whole suite. */
export const longestSeconds = 150;

/** Starts the real CLI in a process group of its own, so that a signal can be sent as a terminal sends it. */
export function startCli(args: readonly string[], options: CliOptions): CliRun {
  const [command = '', ...rest] = [...(options.through ?? []), process.execPath, ...entry.nodeArguments, ...args];
  const started = performance.now();
  const child = spawn(command, rest, {
    cwd: options.workingDirectory,
    env: options.environment,
    detached: true,
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  let stdout = '';
  let stderr = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
  child.stdin.on('error', () => undefined);
  child.stdin.write(options.input ?? '');
  if (options.keepsInput !== true) child.stdin.end();
  let hasEnded = false;
  const { pid } = child;
  const signal = (name: NodeJS.Signals): void => {
    if (pid !== undefined && !hasEnded) process.kill(-pid, name);
  };
  const limit = setTimeout(() => signal('SIGKILL'), (options.limitSeconds ?? longestSeconds) * 1000);
  const ended = new Promise<CliResult>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (exitCode, name) => {
      hasEnded = true;
      clearTimeout(limit);
      resolve({ exitCode, signal: name, stdout, stderr, seconds: (performance.now() - started) / 1000 });
    });
  });
  const shows = async (text: string, output: () => string): Promise<void> => {
    while (!output().includes(text)) {
      if (hasEnded) {
        throw new Error(`agentctl ${args.join(' ')} never said "${text}"; it said:\n${stderr}\n${stdout}`);
      }
      await sleep(10);
    }
  };
  const said = (text: string): Promise<void> => shows(text, () => stderr);
  const printed = (text: string): Promise<void> => shows(text, () => stdout);
  const type = (text: string): void => void child.stdin.write(text);
  return { pid: pid ?? 0, ended, said, printed, type, signal };
}

/** The least a shell gives to a program; nothing of the environment the tests run in, such as CI=true, leaks in. */
export function plainEnvironment(home: string): Record<string, string> {
  const path = [dirname(process.execPath), process.env['PATH'] ?? ''].join(delimiter);
  return { PATH: path, HOME: home, LANG: 'C.UTF-8' };
}

/** Last line of what was printed. */
export function lastLine(text: string): string {
  return text.trimEnd().split('\n').at(-1) ?? '';
}

/** The lines of a `--json` run. Throws when one is not JSON. */
export function jsonLines(text: string): readonly Record<string, unknown>[] {
  return text
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as Record<string, unknown>);
}
