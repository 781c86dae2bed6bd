import type { CommandContext, CommonOptions } from '../command-context.js';
import type { CommandResult } from '../io/io.js';
import { openProject } from '../project.js';
import { runFindings } from '../run-findings.js';
import type { Finding } from '../targets/target.js';

/** Looks at everything a deploy needs. Exit 3 when something is missing. */
export async function doctor(options: CommonOptions, context: CommandContext): Promise<CommandResult> {
  const { target, flags } = await openProject(options, context);
  const findings = [...(await target.doctor(context.interrupt.signal)), ...(await runFindings(target, flags))];
  const { style } = context.io;
  const marks = { ok: style.good('✓'), warning: style.warn('!'), problem: style.bad('✗') };
  const show = ({ level, subject, message, fix }: Finding): string =>
    `${marks[level]} ${subject}: ${message}${fix === undefined ? '' : `\n    fix: ${fix}`}`;
  const ready = findings.every((finding) => finding.level !== 'problem');
  return { exitCode: ready ? 0 : 3, text: findings.map(show).join('\n'), data: { ready, findings } };
}
