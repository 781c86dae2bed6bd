import type { CommandContext, CommonOptions } from '../command-context.js';
import { confirmPlan } from '../confirm.js';
import { AgentctlError } from '../errors.js';
import type { CommandResult } from '../io/io.js';
import { planText } from '../report/plan-text.js';
import { runPlan, withLock } from '../run-plan.js';
import { openStage } from '../stage.js';

export interface DestroyOptions extends CommonOptions {
  readonly yes?: boolean;
  readonly deleteData?: boolean;
  /** Seconds to wait for another deploy. */
  readonly lockWait?: number;
}

/** Takes a stage away. Data stays unless `--delete-data` is given. */
export async function destroy(options: DestroyOptions, context: CommandContext): Promise<CommandResult> {
  const { target, runId, stage, name, flags } = await openStage(options, context);
  const { io, interrupt, commandLine } = context;
  const deleteData = options.deleteData === true;
  if (!(await target.exists({ data: deleteData }))) {
    await target.forgetIfEmpty();
    return {
      exitCode: 0,
      text: `nothing to destroy: ${name} is not on ${target.kind}, stage ${stage}`,
      data: { changed: false },
    };
  }
  const scope = { target, io, interrupt, runId, command: commandLine };
  const result = await withLock(scope, options.lockWait ?? 0, async () => {
    const plan = await target.planDestroy({ runId, madeAt: new Date().toISOString(), deleteData });
    io.note(planText(plan));
    await confirmPlan(deleteData ? 'Destroy it and delete its data?' : 'Destroy it? (data is kept)', options, io);
    return await runPlan(plan, scope);
  });
  await target.forgetIfEmpty();

  if (result.outcome === 'succeeded') {
    const kept = keptIn(result.outputs.get('remove')?.['kept']);
    const text = [`destroyed ${name} on ${target.kind}, stage ${stage}`, ...keptText(kept, flags)].join('\n');
    return { exitCode: 0, text, data: { changed: true, kept } };
  }
  const failure = result.failure?.failure;
  throw new AgentctlError(
    result.outcome === 'interrupted' ? 'Interrupted' : 'StepFailed',
    failure?.message ?? 'interrupted',
    {
      fix: `run \`agentctl destroy ${flags}\` again: it goes on where it stopped`,
      ...(failure?.detail === undefined ? {} : { detail: failure.detail }),
    },
  );
}

function keptIn(value: unknown): readonly string[] {
  return Array.isArray(value) ? value.map(String) : [];
}

function keptText(kept: readonly string[], flags: string): readonly string[] {
  if (kept.length === 0) return [];
  return ['kept:', ...kept.map((path) => `  ${path}`), `delete it too with: agentctl destroy --delete-data ${flags}`];
}
