import { EventEmitter } from 'node:events';
import { Readable, Writable } from 'node:stream';
import type { Host } from '../../../cli/main.js';
import type { CliResult } from '../local-cli.js';
import { bundledMain } from './bundled-main.js';

export interface InProcessOptions {
  readonly workingDirectory: string;
  /** The whole environment. */
  readonly environment: Readonly<Record<string, string>>;
  /** @default - nothing, at its end */
  readonly input?: string | undefined;
  /** Called with each whole line of stdout before the command goes on. */
  readonly onLine?: (line: string) => void;
}

/**
 * Runs a command line of agentctl in this process: a cell is a second of work then, and not the start of a program that
 * loads the clients of AWS. Only what signals and process ends do needs a process of its own.
 */
export async function runInProcess(args: readonly string[], options: InProcessOptions): Promise<CliResult> {
  const { environment, workingDirectory, input = '', onLine = () => undefined } = options;
  const main = await loaded();
  const started = performance.now();
  const [stdout, stderr] = [new TextSink(onLine), new TextSink(() => undefined)];
  const signals = new EventEmitter();
  const host = {
    argv: ['node', 'agentctl', ...args],
    env: { ...environment },
    cwd: () => workingDirectory,
    stdin: Object.assign(Readable.from([Buffer.from(input)]), { isTTY: false }),
    stdout,
    stderr,
    on: signals.on.bind(signals),
    off: signals.off.bind(signals),
    kill: () => true,
    pid: process.pid,
  };
  const exitCode = await main(host as unknown as Host);
  const seconds = (performance.now() - started) / 1000;
  return { exitCode, signal: null, stdout: stdout.text, stderr: stderr.text, seconds };
}

let bundle: ReturnType<typeof bundledMain> | undefined;

function loaded(): ReturnType<typeof bundledMain> {
  bundle ??= bundledMain();
  return bundle;
}

class TextSink extends Writable {
  readonly isTTY = false;
  text = '';
  readonly #onLine: (line: string) => void;
  #rest = '';

  constructor(onLine: (line: string) => void) {
    super({ decodeStrings: false });
    this.#onLine = onLine;
  }

  override _write(chunk: string | Buffer, _encoding: BufferEncoding, done: () => void): void {
    const text = chunk.toString();
    this.text += text;
    const lines = (this.#rest + text).split('\n');
    this.#rest = lines.pop() ?? '';
    for (const line of lines) this.#onLine(line);
    done();
  }
}
