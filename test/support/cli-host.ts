import { EventEmitter } from 'node:events';
import { PassThrough } from 'node:stream';
import { main, type Host } from '../../cli/main.js';

/** What one command line did. */
export interface CliRun {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
  /** The lines of `--json`. */
  readonly lines: readonly Record<string, unknown>[];
}

export interface CliOptions {
  readonly cwd?: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly stdin?: string;
}

/** Runs one command line in this process, as `bin/agentctl.ts` does, without a terminal. */
export async function runCli(args: readonly string[], options: CliOptions = {}): Promise<CliRun> {
  const stdin = new PassThrough();
  stdin.end(options.stdin ?? '');
  const stdout = new Captured();
  const stderr = new Captured();
  const host = Object.assign(new EventEmitter(), {
    argv: ['node', 'agentctl', ...args],
    env: { PATH: process.env['PATH'], HOME: process.env['HOME'], ...options.env },
    cwd: () => options.cwd ?? process.cwd(),
    stdin,
    stdout,
    stderr,
    kill: () => true,
    pid: process.pid,
  }) as unknown as Host;
  const exitCode = await main(host);
  const lines = stdout.text.split('\n').filter((line) => line.startsWith('{'));
  return {
    exitCode,
    stdout: stdout.text,
    stderr: stderr.text,
    lines: lines.map((line) => JSON.parse(line) as Record<string, unknown>),
  };
}

class Captured extends PassThrough {
  text = '';
  readonly isTTY = false;

  override write(chunk: string | Uint8Array): boolean {
    this.text += String(chunk);
    return true;
  }
}
