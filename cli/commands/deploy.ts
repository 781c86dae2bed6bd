import { readFile, writeFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import type { CommandContext, CommonOptions } from '../command-context.js';
import { confirmPlan } from '../confirm.js';
import { AgentctlError, messageOf } from '../errors.js';
import { withImageFlags } from '../image-overrides.js';
import { withTimeout } from '../interrupt.js';
import type { CommandResult, Io } from '../io/io.js';
import { parsePlan, type Plan } from '../plan/plan.js';
import { assertSamePlan } from '../plan/same-plan.js';
import { openProject, type Project } from '../project.js';
import { planText } from '../report/plan-text.js';
import { runOutcome } from '../run-outcome.js';
import { runPlan, withLock } from '../run-plan.js';
import type { DeployWish } from '../targets/target.js';
import { warnOfDamage } from '../warn-of-damage.js';

export interface DeployOptions extends CommonOptions {
  readonly yes?: boolean;
  /** Seconds for the whole run. */
  readonly timeout?: number;
  /** Seconds to wait for another deploy. */
  readonly lockWait?: number;
  /** Only make the plan. */
  readonly planOnly?: boolean;
  /** Where the plan goes. @default - stdout */
  readonly output?: string;
  /** A plan to run instead of making one. */
  readonly plan?: string;
  /** Resources with data that may be replaced or removed, by name. */
  readonly allowReplace?: readonly string[];
}

/** Brings the target to what the config file says, and proves it. */
export async function deploy(options: DeployOptions, context: CommandContext): Promise<CommandResult> {
  const file = options.plan ?? options.output;
  const planFile = file === undefined ? undefined : resolve(context.workingDirectory, file);
  const project = await openProject(options, context, planFile);
  const interrupt = withTimeout(context.interrupt, options.timeout);
  if (options.planOnly === true) return await writePlan(project, planFile, options, context);

  const { target, runId } = project;
  const scope = {
    target,
    io: context.io,
    interrupt,
    runId,
    command: context.commandLine,
    flags: project.flags,
    summaryFile: context.environment['GITHUB_STEP_SUMMARY'],
  };
  return await withLock(scope, options.lockWait ?? 0, async (run) => {
    const saved = options.plan === undefined ? undefined : await readPlan(planFile ?? '', options.plan);
    const as = saved ?? { runId, madeAt: new Date().toISOString() };
    const plan = await target.planDeploy(run.interrupt.signal, as, wishOf(options));
    if (saved !== undefined) assertSamePlan(saved, plan);
    if (plan.release !== null) {
      await warnOfDamage(target, context.io);
      context.io.note(planText(plan, project.flags));
      noteAdapted(project, context.io);
      await confirmPlan('Deploy?', options, context.io);
    }
    const result = await runPlan(plan, run);
    const flags = withImageFlags(project.flags, options.image);
    return runOutcome(plan, result, { runId, flags, timedOut: interrupt.timedOut() });
  });
}

/** Not every cloud setting has the same meaning everywhere: say so where somebody decides, in one line. */
function noteAdapted({ warnings, target, flags }: Project, io: Io): void {
  if (warnings.length === 0) return;
  const settings = warnings.length === 1 ? '1 setting is' : `${warnings.length} settings are`;
  io.note(io.style.dim(`  ${settings} honoured differently on ${target.kind}: agentctl validate ${flags}`));
}

async function writePlan(
  { target, runId, flags }: Project,
  file: string | undefined,
  options: DeployOptions,
  { io, interrupt }: CommandContext,
): Promise<CommandResult> {
  const as = { runId, madeAt: new Date().toISOString() };
  const plan = await target.planDeploy(interrupt.signal, as, wishOf(options));
  const text = JSON.stringify(plan, null, 2);
  if (file === undefined) return { exitCode: 0, text: io.json ? '' : text, data: { plan } };
  await writeFile(file, `${text}\n`);
  io.note(planText(plan, flags));
  return { exitCode: 0, text: file, data: { plan, file } };
}

function wishOf({ allowReplace }: DeployOptions): DeployWish {
  return allowReplace === undefined ? {} : { allowReplace };
}

/** @throws PlanInvalid when it cannot be read */
async function readPlan(file: string, name: string): Promise<Plan> {
  const text = await readFile(file, 'utf8').catch((error: unknown) => {
    throw new AgentctlError('PlanInvalid', `cannot read the plan ${name}: ${messageOf(error)}`, {
      fix: 'make one with `agentctl deploy --plan-only -o plan.json`',
    });
  });
  return parsePlan(text, name);
}
