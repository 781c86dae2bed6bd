import type { SecretMask } from '../redact.js';
import { jsonIo } from './json-io.js';
import type { Io } from './io.js';
import { humanIo } from './human-io.js';

export interface IoOptions {
  readonly stdout: NodeJS.WriteStream;
  readonly stderr: NodeJS.WriteStream;
  readonly stdin: NodeJS.ReadStream;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly json: boolean;
  /** False with `--no-color`. */
  readonly color: boolean;
  /** False with `--no-input`. */
  readonly input: boolean;
  readonly secrets: SecretMask;
}

/** Chooses how to talk: JSON lines, an interactive terminal, or plain lines for pipes and CI. */
export function createIo(options: IoOptions): Io {
  const { stdin, stderr, env } = options;
  // https://docs.github.com/actions/reference/variables-reference sets CI=true, as every other CI service does
  const inCi = env['CI'] !== undefined && env['CI'] !== '' && env['CI'] !== 'false';
  if (options.json) return jsonIo(options.stdout, options.secrets);
  return humanIo({
    stdout: options.stdout,
    stderr,
    secrets: options.secrets,
    canAsk: options.input && !inCi && stdin.isTTY && stderr.isTTY,
    redraw: !inCi && stderr.isTTY && env['TERM'] !== 'dumb',
    color: options.color && wantsColor(env, stderr.isTTY),
  });
}

/** https://no-color.org and https://force-color.org */
function wantsColor(env: IoOptions['env'], isTerminal: boolean): boolean {
  if (env['NO_COLOR'] !== undefined && env['NO_COLOR'] !== '') return false;
  if (env['FORCE_COLOR'] !== undefined && env['FORCE_COLOR'] !== '' && env['FORCE_COLOR'] !== '0') return true;
  return isTerminal && env['TERM'] !== 'dumb';
}
