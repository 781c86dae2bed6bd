import type { CommandContext, CommonOptions } from '../command-context.js';
import { confirmPlan } from '../confirm.js';
import { AgentctlError } from '../errors.js';
import { withTimeout } from '../interrupt.js';
import type { RunResult } from '../engine/execute.js';
import type { CommandResult } from '../io/io.js';
import { lastReleased } from '../ledger/release-record.js';
import type { Plan } from '../plan/plan.js';
import { backupsText } from '../report/backups-text.js';
import { planText } from '../report/plan-text.js';
import { runFailure } from '../run-outcome.js';
import { runPlan, withLock } from '../run-plan.js';
import { openStage, type Stage } from '../stage.js';

export interface BackupOptions extends CommonOptions {
  readonly yes?: boolean;
  /** Seconds for the whole run. */
  readonly timeout?: number;
  /** Seconds to wait for another run. */
  readonly lockWait?: number;
}

/** What can be done with backups. */
export type BackupVerb = 'create' | 'list' | 'restore' | 'delete';

/** `create`, `list`, `restore ID` and `delete ID`. A restore keeps what it replaces until that is deleted. */
export async function backup(
  verb: BackupVerb,
  id: string | undefined,
  options: BackupOptions,
  context: CommandContext,
): Promise<CommandResult> {
  const stage = await openStage(options, context);
  if (verb === 'list') return await list(stage);
  if (verb === 'create') return await create(stage, options, context);
  if (verb === 'restore') return await restore(stage, await chosenBackup(stage, id), options, context);
  return await remove(stage, id, options, context);
}

async function list({ target, flags }: Stage): Promise<CommandResult> {
  const [backups, replaced] = await Promise.all([target.backups(), target.replacedDatabases()]);
  return { exitCode: 0, text: backupsText({ backups, replaced, flags }), data: { backups, replaced } };
}

async function create(stage: Stage, options: BackupOptions, context: CommandContext): Promise<CommandResult> {
  const { target, name, runId } = stage;
  return await locked(stage, options, context, async (complete) => {
    const outputs = await complete(await target.planBackup({ runId, madeAt: new Date().toISOString() }));
    const id = String(outputs.get('backup')?.['backup']);
    return { exitCode: 0, note: `${name} is backed up`, text: id, data: { action: 'backup', id, runId } };
  });
}

async function restore(
  stage: Stage,
  id: string,
  options: BackupOptions,
  context: CommandContext,
): Promise<CommandResult> {
  const { target, runId, flags } = stage;
  return await locked(stage, options, context, async (complete) => {
    const plan = await target.planRestore({ runId, madeAt: new Date().toISOString() }, id);
    context.io.note(planText(plan, flags));
    await confirmPlan(`Replace the database by its backup ${id}? (what is there is kept)`, options, context.io);
    await complete(plan);
    const [replaced] = await target.replacedDatabases();
    await noteOtherSchema(stage, id, context);
    const kept =
      replaced === undefined ? '' : `; what it replaced is kept until: agentctl backup delete ${replaced.id} ${flags}`;
    const data = { action: 'restore', id, replaced: replaced?.id ?? null, runId };
    return { exitCode: 0, note: `${id} is restored${kept}`, text: id, data };
  });
}

/** The release that serves may need a schema that is newer than the data. */
async function noteOtherSchema({ target, flags }: Stage, id: string, { io }: CommandContext): Promise<void> {
  const [backups, records] = await Promise.all([target.backups(), target.ledger.list()]);
  const restored = backups.find((one) => one.id === id)?.schema ?? null;
  const expected = lastReleased(records);
  if (restored === null || expected === undefined || expected.schema.after === restored) return;
  io.warn(
    `the schema is now ${restored}, and ${expected.id} was released with ${expected.schema.after ?? 'none'}: ` +
      `run \`agentctl migrate ${flags}\`, or roll back to a release that fits`,
  );
}

async function remove(
  { target, flags }: Stage,
  id: string | undefined,
  options: BackupOptions,
  { io }: CommandContext,
): Promise<CommandResult> {
  const [backups, replaced] = await Promise.all([target.backups(), target.replacedDatabases()]);
  const known = [...backups, ...replaced].map((one) => one.id);
  if (id === undefined || !known.includes(id)) throw unknownBackup(id, known, flags);
  await confirmPlan(`Delete ${id} for good?`, options, io);
  await target.deleteBackup(id);
  return { exitCode: 0, text: `${id} is deleted`, data: { action: 'delete', id } };
}

async function chosenBackup({ target, flags }: Stage, id: string | undefined): Promise<string> {
  const known = (await target.backups()).map((one) => one.id);
  const chosen = id === 'latest' ? known[0] : id;
  if (chosen === undefined || !known.includes(chosen)) throw unknownBackup(id, known, flags);
  return chosen;
}

function unknownBackup(id: string | undefined, known: readonly string[], flags: string): AgentctlError {
  const message = id === undefined ? 'no backup was named' : `there is no backup "${id}"`;
  return new AgentctlError('UsageInvalid', message, {
    fix:
      known.length === 0
        ? `take one first: agentctl backup create ${flags}`
        : `choose one of: ${known.slice(0, 10).join(', ')} (all: agentctl backup list ${flags})`,
  });
}

/** Does the work under the lock of the stage; `complete` runs a plan and throws unless it succeeds. */
async function locked<R>(
  { target, runId, flags }: Stage,
  options: BackupOptions,
  { io, commandLine, interrupt: byUser }: CommandContext,
  work: (complete: (plan: Plan) => Promise<RunResult['outputs']>) => Promise<R>,
): Promise<R> {
  const interrupt = withTimeout(byUser, options.timeout);
  const scope = { target, io, interrupt, runId, command: commandLine, flags };
  return await withLock(scope, options.lockWait ?? 0, (run) =>
    work(async (plan) => {
      const result = await runPlan(plan, run);
      if (result.outcome === 'succeeded') return result.outputs;
      throw runFailure(plan, result, { runId, flags, timedOut: interrupt.timedOut() });
    }),
  );
}
