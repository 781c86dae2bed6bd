import { readFile, writeFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import type { CommandContext, CommonOptions } from '../command-context.js';
import { confirmPlan } from '../confirm.js';
import { AgentctlError, messageOf } from '../errors.js';
import { withTimeout } from '../interrupt.js';
import type { CommandResult, Io } from '../io/io.js';
import { parsePlan, type Plan } from '../plan/plan.js';
import { openProject, type Project } from '../project.js';
import { planText } from '../report/plan-text.js';
import { runOutcome } from '../run-outcome.js';
import { runPlan, withLock } from '../run-plan.js';

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
}

/** Brings the target to what the config file says, and proves it. */
export async function deploy(options: DeployOptions, context: CommandContext): Promise<CommandResult> {
  const project = await openProject(options, context);
  const interrupt = withTimeout(context.interrupt, options.timeout);
  if (options.planOnly === true) return await writePlan(project, options, context);

  const { target, runId } = project;
  const scope = {
    target,
    io: context.io,
    interrupt,
    runId,
    command: context.commandLine,
    summaryFile: context.environment['GITHUB_STEP_SUMMARY'],
  };
  return await withLock(scope, options.lockWait ?? 0, async () => {
    const fresh = await target.planDeploy(interrupt.signal);
    const plan = options.plan === undefined ? fresh : await savedPlan(options.plan, fresh, context);
    if (plan.release !== null) {
      context.io.note(planText(plan));
      noteAdapted(project, context.io);
      await confirmPlan('Deploy?', options, context.io);
    }
    const result = await runPlan(plan, scope);
    return runOutcome(plan, result, { project, timedOut: interrupt.timedOut() });
  });
}

/** Not every cloud setting has the same meaning everywhere: say so where somebody decides, in one line. */
function noteAdapted({ warnings, target, flags }: Project, io: Io): void {
  if (warnings.length === 0) return;
  const settings = warnings.length === 1 ? '1 setting is' : `${warnings.length} settings are`;
  io.note(io.style.dim(`  ${settings} honoured differently on ${target.kind}: agentctl validate ${flags}`));
}

async function writePlan(project: Project, { output }: DeployOptions, context: CommandContext): Promise<CommandResult> {
  const plan = await project.target.planDeploy(context.interrupt.signal);
  const text = JSON.stringify(plan, null, 2);
  if (output === undefined) return { exitCode: 0, text: context.io.json ? '' : text, data: { plan } };
  const file = resolve(context.workingDirectory, output);
  await writeFile(file, `${text}\n`);
  context.io.note(planText(plan));
  return { exitCode: 0, text: output, data: { plan, file } };
}

/** @throws PlanInvalid, or PlanStale when the plan was made for something else than what is here now */
async function savedPlan(path: string, fresh: Plan, context: CommandContext): Promise<Plan> {
  const file = resolve(context.workingDirectory, path);
  const text = await readFile(file, 'utf8').catch((error: unknown) => {
    throw new AgentctlError('PlanInvalid', `cannot read the plan ${path}: ${messageOf(error)}`, {
      fix: 'make one with `agentctl deploy --plan-only -o plan.json`',
    });
  });
  const plan = parsePlan(text, path);
  const changed = whatChanged(plan, fresh);
  if (changed === undefined) return plan;
  throw new AgentctlError('PlanStale', `${path} no longer fits: ${changed}`, {
    fix: 'make a new plan with `agentctl deploy --plan-only -o plan.json`, review it, and run that',
  });
}

function where({ target, stage }: Plan): string {
  return `${target}, stage ${stage}`;
}

function whatChanged(plan: Plan, fresh: Plan): string | undefined {
  if (where(plan) !== where(fresh)) return `it is for ${where(plan)}, not for ${where(fresh)}`;
  if (plan.specHash !== fresh.specHash) return 'the config file has changed since';
  if (plan.base.release !== fresh.base.release) {
    return `it was made when ${plan.base.release ?? 'nothing'} served, and now ${fresh.base.release ?? 'nothing'} does`;
  }
  return plan.release === fresh.release
    ? undefined
    : `it makes ${plan.release}, and the next release is ${fresh.release}`;
}
