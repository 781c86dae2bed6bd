import { constants } from 'node:os';
import type { CommandContext, CommonOptions } from '../command-context.js';
import { AgentctlError } from '../errors.js';
import type { CommandResult } from '../io/io.js';
import { openStage } from '../stage.js';
import type { FinishedRun, RunOptions } from '../targets/one-off-run.js';

export interface RunCommandOptions extends CommonOptions {
  readonly service?: string;
  /** Run this schedule's command instead of one that is given. */
  readonly schedule?: string;
  /** Seconds until it is stopped. */
  readonly timeout?: number;
  /** Hand standard input on, also when it is no terminal. */
  readonly interactive?: boolean;
}

/** What a shell adds to the number of a signal that ended a command. */
const signalExitBase = 128;

/** Runs one command beside what serves. Its output is ours, and so is its exit code. */
export async function run(
  command: readonly string[],
  options: RunCommandOptions,
  context: CommandContext,
): Promise<CommandResult> {
  const as = workloadOf(command, options);
  const { target, runId } = await openStage(options, context);
  const { io, interrupt } = context;
  if (options.interactive === true && target.kind === 'aws') throw noInput();
  const stdin = context.stdin();
  const unread = new AbortController();
  const leave = AbortSignal.any([interrupt.giveUp, unread.signal]);
  try {
    const finished = await target.run({
      runId,
      as,
      command,
      ...(options.timeout === undefined ? {} : { timeoutSeconds: options.timeout }),
      ...(stdin.isTerminal || options.interactive === true ? { input: stdin.stream } : {}),
      // To a person; in a pipe, what the command says has to be all there is.
      onStart: ({ task, release, workload }) => {
        if (io.canAsk) io.note(io.style.dim(`${task}: ${workload} of ${release}`));
      },
      onOutput: async (stream, bytes) => {
        await io.pass(stream, bytes).catch((error: unknown) => unread.abort(error));
      },
      signal: interrupt.signal,
      leave,
    });
    return resultOf(finished, runId, options);
  } catch (error) {
    if (unread.signal.aborted) return { exitCode: signalExitBase + constants.signals.SIGPIPE, text: '', data: {} };
    if (!interrupt.signal.aborted) throw error;
    throw new AgentctlError('Interrupted', 'interrupted; the command is being stopped', {
      fix: 'run it again when it is needed',
      cause: error,
    });
  }
}

/** A task of ECS has no standard input. */
function noInput(): AgentctlError {
  return new AgentctlError('UsageInvalid', '-i cannot be used on AWS: a task of ECS has no standard input', {
    fix: 'leave out -i, and have the command read a file, a secret or an object in S3',
  });
}

function workloadOf(command: readonly string[], { service, schedule }: RunCommandOptions): RunOptions['as'] {
  if (schedule !== undefined) {
    if (command.length === 0 && service === undefined) return { kind: 'schedule', name: schedule };
    throw new AgentctlError('UsageInvalid', '--schedule runs the command of the schedule, with its own surroundings', {
      fix: 'leave out --service and the command, or leave out --schedule',
    });
  }
  if (command.length === 0) {
    throw new AgentctlError('UsageInvalid', 'no command was given', {
      fix: 'write it behind two hyphens: agentctl run -- node scripts/check.js',
    });
  }
  return { kind: 'service', ...(service === undefined ? {} : { name: service }) };
}

/** @throws TimedOut when its time was up */
function resultOf(finished: FinishedRun, runId: string, { timeout }: RunCommandOptions): CommandResult {
  const { task, release, workload, signal, timedOut } = finished;
  if (timedOut) {
    const limit = timeout === undefined ? 'in its time' : `within ${timeout} s`;
    throw new AgentctlError('TimedOut', `${task} did not end ${limit} and was stopped`, {
      fix: 'raise --timeout if it only needs longer',
    });
  }
  const exitCode = finished.exitCode ?? signalExitBase + signalNumber(signal);
  return { exitCode, text: '', data: { action: 'run', task, release, workload, signal, runId } };
}

function signalNumber(name: string | null): number {
  return Object.entries(constants.signals).find(([signal]) => signal === name)?.[1] ?? 0;
}
