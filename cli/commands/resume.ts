import type { CommandContext, CommonOptions } from '../command-context.js';
import { readJournal, reopenJournal } from '../engine/journal.js';
import { AgentctlError } from '../errors.js';
import { withImageFlags } from '../image-overrides.js';
import { withTimeout } from '../interrupt.js';
import type { CommandResult } from '../io/io.js';
import { replay } from '../engine/events.js';
import type { Plan } from '../plan/plan.js';
import { openProject } from '../project.js';
import { recordedRuns, resumableRun } from '../resumable-run.js';
import { runOutcome } from '../run-outcome.js';
import { journalFile, runPlan, withLock } from '../run-plan.js';
import { openStage } from '../stage.js';
import type { Target } from '../targets/target.js';

export interface ResumeOptions extends CommonOptions {
  /** Taken, and without effect: the plan was confirmed when its run began. */
  readonly yes?: boolean;
  readonly timeout?: number;
  readonly lockWait?: number;
}

/** Goes on with a deploy that was interrupted or failed: what is done stays done, what is uncertain is looked at. */
export async function resume(
  run: string | undefined,
  options: ResumeOptions,
  context: CommandContext,
): Promise<CommandResult> {
  const stage = await openStage(options, context);
  const { flags } = stage;
  const { stateDirectory } = stage.target;
  const interrupt = withTimeout(context.interrupt, options.timeout);
  const runId = run ?? (await resumableRun(stateDirectory))?.runId ?? (await recordedRuns(stateDirectory))[0];
  if (runId === undefined) throw unknownRun(undefined, undefined, flags);
  const scope = { target: stage.target, io: context.io, interrupt, runId, command: context.commandLine, flags };
  const done = await withLock(scope, options.lockWait ?? 0, async (locked) => {
    const file = journalFile(stateDirectory, runId);
    const { header, events } = await readJournal(file).catch((error: unknown) => {
      throw unknownRun(error, runId, flags);
    });
    const { plan } = header;
    if (replay(events).finished === 'succeeded') {
      return {
        exitCode: 0,
        text: `run ${runId} has succeeded; there is nothing to resume`,
        data: { changed: false, runId },
      };
    }
    const isOfConfig = plan.action === 'deploy' || plan.action === 'migrate';
    const target = isOfConfig ? await sameProject(plan, options, context) : stage.target;
    const journal = await reopenJournal(file);
    const result = await runPlan(plan, { ...locked, target, resume: { journal, history: events } });
    const again = withImageFlags(flags, options.image);
    return runOutcome(plan, result, { runId, flags: again, timedOut: interrupt.timedOut() });
  });
  await stage.target.forgetIfEmpty();
  return done;
}

/** A deploy or migration is of a config file: going on with it takes the same one. */
async function sameProject(plan: Plan, options: CommonOptions, context: CommandContext): Promise<Target> {
  const { target, specHash, flags } = await openProject(options, context);
  if (plan.specHash === specHash) return target;
  throw new AgentctlError(
    'PlanStale',
    `the config file, or what --image names, has changed since run ${plan.runId} began`,
    {
      fix: `pass the same --image, if it was started with one; else start a new one: agentctl ${plan.action} ${flags}`,
    },
  );
}

function unknownRun(cause: unknown, runId: string | undefined, flags: string): AgentctlError {
  if (cause instanceof AgentctlError) return cause;
  return new AgentctlError(
    'UsageInvalid',
    runId === undefined ? 'there is no run to resume' : `there is no run ${runId}`,
    {
      fix: `start a deploy: agentctl deploy ${flags}`,
      cause,
    },
  );
}
