import type { CommandContext, CommonOptions } from '../command-context.js';
import { confirmPlan } from '../confirm.js';
import { withImageFlags } from '../image-overrides.js';
import { withTimeout } from '../interrupt.js';
import type { CommandResult } from '../io/io.js';
import { openProject } from '../project.js';
import { planText } from '../report/plan-text.js';
import { runOutcome } from '../run-outcome.js';
import { runPlan, withLock } from '../run-plan.js';

export interface MigrateOptions extends CommonOptions {
  readonly yes?: boolean;
  /** Seconds for the whole run. */
  readonly timeout?: number;
  /** Seconds to wait for another run. */
  readonly lockWait?: number;
}

/** Builds the source as it is now and runs its migrations. What serves goes on serving. */
export async function migrate(options: MigrateOptions, context: CommandContext): Promise<CommandResult> {
  const { io, commandLine } = context;
  const { target, runId, flags, spec } = await openProject(options, context);
  if (spec.migrations.length === 0) {
    return {
      exitCode: 0,
      note: 'nothing to do: the config file has no migrations',
      text: '',
      data: { action: 'migrate', migrations: [] },
    };
  }
  const interrupt = withTimeout(context.interrupt, options.timeout);
  const summaryFile = context.environment['GITHUB_STEP_SUMMARY'];
  const scope = { target, io, interrupt, runId, command: commandLine, flags, summaryFile };
  return await withLock(scope, options.lockWait ?? 0, async (run) => {
    const plan = await target.planMigrate(run.interrupt.signal, { runId, madeAt: new Date().toISOString() });
    io.note(planText(plan, flags));
    await confirmPlan('Migrate?', options, io);
    const result = await runPlan(plan, run);
    const again = withImageFlags(flags, options.image);
    return runOutcome(plan, result, { runId, flags: again, timedOut: interrupt.timedOut() });
  });
}
