import type { CommandContext } from './command-context.js';
import { assertSwitches, isSwitchedOn } from './environment-switch.js';
import { AgentctlError, exitCodeOf, expectedError, messageOf } from './errors.js';
import { interruptNote } from './interrupt-note.js';
import { listenForInterrupts } from './interrupt.js';
import { createIo } from './io/create-io.js';
import type { CommandResult } from './io/io.js';
import { createSecretMask } from './redact.js';
import { version } from './version.js';

/** The part of `process` that a run of agentctl touches. */
export type Host = Pick<
  NodeJS.Process,
  'argv' | 'env' | 'cwd' | 'stdin' | 'stdout' | 'stderr' | 'on' | 'off' | 'kill' | 'pid'
>;

/** Runs one command line and returns the exit code. Never throws, never exits the process. */
export async function main(host: Host): Promise<number> {
  const args = host.argv.slice(2);
  const has = (flag: string): boolean => args.slice(0, endOfFlags(args)).includes(flag);
  const io = createIo({
    stdout: host.stdout,
    stderr: host.stderr,
    stdin: host.stdin,
    env: host.env,
    json: has('--json') || isSwitchedOn(host.env, 'AGENTCTL_JSON'),
    color: !has('--no-color') && !isSwitchedOn(host.env, 'AGENTCTL_NO_COLOR'),
    input: !has('--no-input') && !isSwitchedOn(host.env, 'AGENTCTL_NO_INPUT'),
    secrets: createSecretMask(),
  });
  const interrupt = listenForInterrupts(host, (signal) => {
    const note = interruptNote(args, signal);
    if (note !== undefined) io.note(note);
  });
  const ends: (() => Promise<void>)[] = [];
  const context: CommandContext = {
    io,
    atEnd: (work) => void ends.push(work),
    interrupt,
    environment: host.env,
    workingDirectory: host.cwd(),
    commandLine: ['agentctl', ...args].join(' '),
    readStdin: async () => await readAll(host.stdin),
    stdin: () => ({ isTerminal: host.stdin.isTTY, stream: host.stdin }),
  };
  try {
    assertSwitches(host.env);
    const { runProgram } = await import('./program.js');
    const result = await runProgram(args, context);
    io.finish(result);
    return result.exitCode;
  } catch (error) {
    const result = failureResult(error, has('--verbose') || isSwitchedOn(host.env, 'AGENTCTL_VERBOSE'));
    io.finish(result);
    return result.exitCode;
  } finally {
    await Promise.allSettled(ends.map(async (work) => await work()));
    interrupt.dispose();
  }
}

/** Flags after `--` belong to the command that `run` starts. */
function endOfFlags(args: readonly string[]): number {
  const separator = args.indexOf('--');
  return separator === -1 ? args.length : separator;
}

function failureResult(error: unknown, verbose: boolean): CommandResult {
  const expected = expectedError(error);
  const shown = expected ?? bug(error);
  const { code, message, fix, data } = shown;
  const stack = verbose && expected?.cause instanceof Error ? expected.cause.stack : undefined;
  const detail = [shown.detail, stack].filter((part) => part !== undefined).join('\n');
  return {
    exitCode: exitCodeOf(shown),
    text: '',
    data: {},
    error: { code, message, fix, ...(detail === '' ? {} : { detail }), ...(data === undefined ? {} : { data }) },
  };
}

function bug(error: unknown): AgentctlError {
  const stack = error instanceof Error ? error.stack : undefined;
  return new AgentctlError('Bug', messageOf(error), {
    fix: 'this is a bug in agentctl; please report it with the text above',
    detail: [`agentctl ${version}, node ${process.versions.node}, ${process.platform}`, stack ?? ''].join('\n'),
    cause: error,
  });
}

async function readAll(stream: AsyncIterable<string | Buffer>): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of stream) chunks.push(Buffer.from(chunk));
  return Buffer.concat(chunks).toString('utf8');
}
