import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { CommandContext, CommonOptions } from '../command-context.js';
import { readJournal, reopenJournal } from '../engine/journal.js';
import { AgentctlError } from '../errors.js';
import { withTimeout } from '../interrupt.js';
import type { CommandResult } from '../io/io.js';
import { replay } from '../engine/events.js';
import { openProject } from '../project.js';
import { runOutcome } from '../run-outcome.js';
import { journalFile, runPlan, withLock } from '../run-plan.js';

export interface ResumeOptions extends CommonOptions {
  readonly timeout?: number;
  readonly lockWait?: number;
}

/** Goes on with a deploy that was interrupted or failed: what is done stays done, what is uncertain is looked at. */
export async function resume(
  run: string | undefined,
  options: ResumeOptions,
  context: CommandContext,
): Promise<CommandResult> {
  const project = await openProject(options, context);
  const { target, specHash, flags } = project;
  const { io, commandLine } = context;
  const interrupt = withTimeout(context.interrupt, options.timeout);
  const runId = run ?? (await lastRun(target.stateDirectory, flags));
  const scope = { target, io, interrupt, runId, command: commandLine, flags };
  return await withLock(scope, options.lockWait ?? 0, async (run) => {
    const file = journalFile(target.stateDirectory, runId);
    const { header, events } = await readJournal(file).catch((error: unknown) => {
      throw unknownRun(error, runId, flags);
    });
    const { plan } = header;
    if (replay(events, []).finished === 'succeeded') {
      return {
        exitCode: 0,
        text: `run ${runId} has succeeded; there is nothing to resume`,
        data: { changed: false, runId },
      };
    }
    if (plan.specHash !== specHash) {
      throw new AgentctlError('PlanStale', `the config file has changed since run ${runId} began`, {
        fix: `start a new deploy: agentctl deploy ${flags}`,
      });
    }
    const journal = await reopenJournal(file);
    const result = await runPlan(plan, { ...run, resume: { journal, history: events } });
    return runOutcome(plan, result, { project: { runId, flags }, timedOut: interrupt.timedOut() });
  });
}

async function lastRun(stateDirectory: string, flags: string): Promise<string> {
  const files = await readdir(join(stateDirectory, 'runs')).catch(() => []);
  const last = files
    .filter((file) => file.endsWith('.ndjson'))
    .toSorted()
    .at(-1);
  if (last === undefined) throw unknownRun(undefined, undefined, flags);
  return last.replace('.ndjson', '');
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
