import { appendFile } from 'node:fs/promises';
import type { CommandContext, CommonOptions } from '../command-context.js';
import { exitCodes } from '../errors.js';
import type { CommandResult } from '../io/io.js';
import { openProject } from '../project.js';
import { diffMarkdown } from '../report/diff-markdown.js';
import { planText } from '../report/plan-text.js';

export interface DiffOptions extends CommonOptions {
  /** End with 12 when there are changes. */
  readonly exitCode?: boolean;
  /** Resources with data that may be replaced or removed, by name. */
  readonly allowReplace?: readonly string[];
}

/** What a deploy would do. Changes nothing, and waits for no lock. */
export async function diff(options: DiffOptions, context: CommandContext): Promise<CommandResult> {
  const { target, runId, flags } = await openProject(options, context);
  const as = { runId, madeAt: new Date().toISOString() };
  const wish = options.allowReplace === undefined ? {} : { allowReplace: options.allowReplace };
  const plan = await target.planDeploy(context.interrupt.signal, as, wish);
  const { GITHUB_STEP_SUMMARY: summaryFile } = context.environment;
  if (summaryFile !== undefined) await appendFile(summaryFile, diffMarkdown(plan));
  const isChanged = plan.release !== null;
  const data = {
    changed: isChanged,
    release: plan.release,
    base: plan.base.release,
    changes: plan.changes ?? [],
    steps: plan.steps.map(({ id, kind, title }) => ({ id, kind, title })),
  };
  return {
    exitCode: isChanged && options.exitCode === true ? exitCodes.ChangesFound : 0,
    text: isChanged ? planText(plan, flags) : `no changes: ${plan.base.release} serves what the config says`,
    data,
  };
}
