import type { CommandContext, CommonOptions } from '../command-context.js';
import { confirmPlan } from '../confirm.js';
import { AgentctlError, isAgentctlError } from '../errors.js';
import { withTimeout } from '../interrupt.js';
import type { CommandResult } from '../io/io.js';
import { planText } from '../report/plan-text.js';
import { runOutcome } from '../run-outcome.js';
import { runPlan, withLock } from '../run-plan.js';
import { openStage } from '../stage.js';
import { warnOfDamage } from '../warn-of-damage.js';

export interface RollbackOptions extends CommonOptions {
  readonly yes?: boolean;
  /** Seconds for the whole run. */
  readonly timeout?: number;
  /** Seconds to wait for another run. */
  readonly lockWait?: number;
}

/** Runs an older release again, from what was kept of it. The schema of the database stays as it is. */
export async function rollback(
  to: string | undefined,
  options: RollbackOptions,
  context: CommandContext,
): Promise<CommandResult> {
  const { io, commandLine } = context;
  const { target, runId, flags } = await openStage(options, context);
  const interrupt = withTimeout(context.interrupt, options.timeout);
  const scope = { target, io, interrupt, runId, command: commandLine, flags };
  return await withLock(scope, options.lockWait ?? 0, async (run) => {
    const as = { runId, madeAt: new Date().toISOString() };
    const plan = await target.planRollback(run.interrupt.signal, as, { to }).catch((error: unknown) => {
      throw unknownRelease(error, flags);
    });
    if (plan.release !== null) {
      await warnOfDamage(target, io);
      io.note(planText(plan, flags));
      await confirmPlan('Roll back?', options, io);
    }
    const result = await runPlan(plan, run);
    return runOutcome(plan, result, { runId, flags, timedOut: interrupt.timedOut() });
  });
}

/** The releases that can be gone back to are in the error; how the others ended is in the ledger. */
function unknownRelease(error: unknown, flags: string): unknown {
  if (!isAgentctlError(error) || error.code !== 'UsageInvalid') return error;
  const { code, message, fix } = error;
  return new AgentctlError(code, message, { fix: `${fix} (all: agentctl releases ${flags})`, cause: error });
}
