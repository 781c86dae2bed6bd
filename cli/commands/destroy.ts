import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { CommandContext, CommonOptions } from '../command-context.js';
import { confirmPlan } from '../confirm.js';
import { findStageLock } from '../engine/stage-lock.js';
import { AgentctlError } from '../errors.js';
import { withTimeout } from '../interrupt.js';
import type { CommandResult } from '../io/io.js';
import { planText } from '../report/plan-text.js';
import { lockPlaceOf, runPlan, withLock } from '../run-plan.js';
import { openStage } from '../stage.js';

export interface DestroyOptions extends CommonOptions {
  readonly yes?: boolean;
  readonly deleteData?: boolean;
  /** Back up the data that is deleted. @default true */
  readonly finalBackup?: boolean;
  /** Seconds for the whole run. */
  readonly timeout?: number;
  /** Seconds to wait for another deploy. */
  readonly lockWait?: number;
}

/** Takes a stage away. Data stays unless `--delete-data` is given. */
export async function destroy(options: DestroyOptions, context: CommandContext): Promise<CommandResult> {
  const { target, runId, stage, name, flags, directory } = await openStage(options, context);
  const { io, commandLine } = context;
  const interrupt = withTimeout(context.interrupt, options.timeout);
  const deleteData = options.deleteData === true;
  const finalBackup = options.finalBackup !== false;
  const scope = { target, io, interrupt, runId, command: commandLine, flags };
  if (!(await target.exists({ data: deleteData }))) {
    // A destroy that was killed at its very end has left its lock.
    if ((await findStageLock(lockPlaceOf(target))).kind !== 'none') {
      await withLock(scope, options.lockWait ?? 0, () => Promise.resolve());
    }
    await target.forgetIfEmpty();
    return {
      exitCode: 0,
      text: `nothing to destroy: ${name} is not on ${target.kind}, stage ${stage}`,
      data: { changed: false },
    };
  }
  const result = await withLock(scope, options.lockWait ?? 0, async (run) => {
    const plan = await target.planDestroy({ runId, madeAt: new Date().toISOString(), deleteData, finalBackup });
    io.note(planText(plan, flags));
    await confirmPlan(deleteData ? 'Destroy it and delete its data?' : 'Destroy it? (data is kept)', options, io);
    return await runPlan(plan, run);
  });
  await target.forgetIfEmpty();

  if (result.outcome === 'succeeded') {
    const kept = keptIn(result.outputs.get('remove')?.['kept']);
    const synthesized = join(directory, '.agentctl', 'synth', `${target.kind}-${stage}`);
    const left = existsSync(synthesized)
      ? [`left: ${synthesized}, written by agentctl synth, with passwords in its .env`]
      : [];
    const text = [
      `destroyed ${name} on ${target.kind}, stage ${stage}`,
      ...keptText(kept, flags, deleteData),
      ...left,
    ].join('\n');
    return { exitCode: 0, text, data: { changed: true, kept } };
  }
  const failure = result.failure?.failure;
  const withoutBackup =
    result.failure?.step === 'backup' ? ', or pass --no-final-backup to delete the data without a backup' : '';
  throw new AgentctlError(
    interrupt.timedOut() ? 'TimedOut' : result.outcome === 'interrupted' ? 'Interrupted' : 'StepFailed',
    interrupt.timedOut() ? 'the destroy was stopped by --timeout' : (failure?.message ?? 'interrupted'),
    {
      fix: `run \`agentctl destroy ${flags}\` again: it goes on where it stopped${withoutBackup}`,
      ...(failure?.detail === undefined ? {} : { detail: failure.detail }),
    },
  );
}

function keptIn(value: unknown): readonly string[] {
  return Array.isArray(value) ? value.map(String) : [];
}

function keptText(kept: readonly string[], flags: string, deleteData: boolean): readonly string[] {
  if (kept.length === 0) return [];
  const more = deleteData ? [] : [`delete data too with: agentctl destroy --delete-data ${flags}`];
  return ['kept:', ...kept.map((path) => `  ${path}`), ...more];
}
