import type { CommandContext, CommonOptions } from '../command-context.js';
import { suggest } from '../config/suggest.js';
import { AgentctlError } from '../errors.js';
import type { CommandResult } from '../io/io.js';
import { openStage } from '../stage.js';
import { stripControl } from '../report/live-lines.js';
import type { Target } from '../targets/target.js';

export interface LogsOptions extends CommonOptions {
  readonly follow?: boolean;
  /** Lines per log. */
  readonly tail?: number;
  /** The output of one migration, run or scheduled run instead. */
  readonly task?: string;
}

/** Lines per log when nobody says. */
const defaultTail = 100;

/** Prints the logs of one service, or of all. */
export async function logs(
  service: string | undefined,
  options: LogsOptions,
  context: CommandContext,
): Promise<CommandResult> {
  const { target, flags } = await openStage(options, context);
  if (options.task !== undefined) return await taskOutput(target, options.task, options, context);
  const known = await target.serviceNames();
  if (service !== undefined && !known.includes(service)) {
    throw unknownService(service, known, await target.taskNames(), flags);
  }
  const { io, interrupt } = context;
  let lines = 0;
  const source = target.logs({
    ...(service === undefined ? {} : { service }),
    tail: options.tail ?? defaultTail,
    follow: options.follow === true,
    signal: interrupt.signal,
  });
  for await (const { at, release, replica, text } of source) {
    lines += 1;
    io.output(`${io.style.dim(`${at} ${release}`)} ${io.style.bold(replica)} ${io.json ? text : stripControl(text)}`);
  }
  if (lines === 0) io.note('no log lines yet');
  return { exitCode: 0, text: '', data: { lines } };
}

/** Tasks named to somebody who asks for one that is not there. */
const namedTasks = 5;

/** Migrations and runs have no service; what they printed is found by their own names. */
function unknownService(
  service: string,
  known: readonly string[],
  tasks: readonly string[],
  flags: string,
): AgentctlError {
  const choices = known.length === 0 ? 'nothing has run here yet' : `choose one of: ${known.join(', ')}`;
  const [newest] = [...tasks.filter((task) => task.includes(service)), ...tasks];
  const hint = newest === undefined ? '' : `; for migrations and runs: agentctl logs --task ${newest} ${flags}`;
  const near = suggest(service, known);
  const meant = near === undefined ? '' : `did you mean ${near}? `;
  return new AgentctlError('UsageInvalid', `there is no service "${service}"`, { fix: `${meant}${choices}${hint}` });
}

async function taskOutput(
  target: Target,
  task: string,
  { tail = defaultTail }: LogsOptions,
  { io }: CommandContext,
): Promise<CommandResult> {
  const known = await target.taskNames();
  if (!known.includes(task)) {
    const newest = known.slice(0, namedTasks).join(', ');
    throw new AgentctlError('UsageInvalid', `there is no task "${task}"`, {
      fix: known.length === 0 ? 'nothing was run here yet' : `the newest are: ${newest}`,
    });
  }
  const all = await target.taskLog(task);
  const lines = all.slice(all.length - Math.min(tail, all.length));
  for (const line of lines) io.output(io.json ? line : stripControl(line));
  return { exitCode: 0, text: '', data: { task, lines: lines.length } };
}
