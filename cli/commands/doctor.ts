import type { CommandContext, CommonOptions } from '../command-context.js';
import { isAgentctlError } from '../errors.js';
import type { CommandResult } from '../io/io.js';
import { openProject } from '../project.js';
import { runFindings } from '../run-findings.js';
import type { Finding, Target } from '../targets/target.js';

/** Looks at everything a deploy needs. Exit 3 when something is missing. */
export async function doctor(options: CommonOptions, context: CommandContext): Promise<CommandResult> {
  const { target, flags } = await openProject(options, context);
  const found = await target.doctor(context.interrupt.signal);
  const findings = [...found, ...(await runsOf(target, flags, found))];
  const { style } = context.io;
  const marks = { ok: style.good('✓'), warning: style.warn('!'), problem: style.bad('✗') };
  const show = ({ level, subject, message, fix }: Finding): string =>
    `${marks[level]} ${subject}: ${message}${fix === undefined ? '' : `\n    fix: ${fix}`}`;
  const ready = findings.every((finding) => finding.level !== 'problem');
  return { exitCode: ready ? 0 : 3, text: findings.map(show).join('\n'), data: { ready, findings } };
}

/** Where locks and releases are kept in the cloud, what keeps them from being read is most likely said already. */
async function runsOf(target: Target, flags: string, found: readonly Finding[]): Promise<readonly Finding[]> {
  try {
    return await runFindings(target, flags);
  } catch (error) {
    if (!isAgentctlError(error)) throw error;
    if (found.some(({ level }) => level === 'problem')) return [];
    return [{ level: 'problem', subject: 'runs', message: error.message, fix: error.fix }];
  }
}
