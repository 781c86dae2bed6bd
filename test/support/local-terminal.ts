import { spawn } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';
import { cliEntry, longestSeconds } from './local-cli.js';

/** The CLI at a terminal. */
export interface TerminalRun {
  /** Everything on the screen so far, with its control sequences. */
  readonly screen: () => string;
  /** Resolves when the screen shows this text; throws when the run ends before. */
  shows(text: string): Promise<void>;
  /** What somebody types. */
  type(keys: string): void;
  readonly ended: Promise<number | null>;
}

/** Runs the CLI in a pseudo-terminal, made by `script` of util-linux. */
export function startAtTerminal(
  args: readonly string[],
  options: { readonly workingDirectory: string; readonly environment: Readonly<Record<string, string>> },
): TerminalRun {
  const words = [process.execPath, ...cliEntry().nodeArguments, ...args];
  const command = words.map((word) => `'${word.replaceAll("'", `'\\''`)}'`).join(' ');
  const child = spawn('script', ['--quiet', '--return', '--command', command, '/dev/null'], {
    cwd: options.workingDirectory,
    env: { ...options.environment, TERM: 'xterm', SHELL: '/bin/sh' },
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  let text = '';
  child.stdout.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
  child.stdin.on('error', () => undefined);
  const limit = setTimeout(() => child.kill('SIGKILL'), longestSeconds * 1000);
  let hasEnded = false;
  const ended = new Promise<number | null>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (exitCode) => {
      hasEnded = true;
      clearTimeout(limit);
      resolve(exitCode);
    });
  });
  return {
    screen: () => text,
    async shows(expected) {
      while (!text.includes(expected)) {
        if (hasEnded) throw new Error(`the screen never showed "${expected}" but:\n${text}`);
        await sleep(10);
      }
    },
    type: (keys) => void child.stdin.write(keys),
    ended,
  };
}
