import { randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { AgentctlError, isAgentctlError } from '../../errors.js';
import { type AppliedPlan, type ApplyMarker, applyPlan, isOurDeadLock, markApply, ourselves } from './apply-process.js';
import { mendTainted } from './mend-tainted.js';
import { isFirst, isMended, planChanges, planRefusal } from './plan-changes.js';
import { type PlanContent, planContent } from './plan-content.js';
import { runTerraform, type TerraformPlace, unlockCommand, withoutLeftLock } from './run-terraform.js';
import { lockedByOthers, lockIn, lockOf } from './state-lock.js';
import { planArguments, showArguments, statePushArguments, unlockArguments } from './terraform-commands.js';
import { terraformFailed } from './terraform-failure.js';
import type { DeployTerraformOptions, TerraformRun } from './terraform-tools.js';
import { errorsIn } from './ui-line.js';
import { erroredState } from './work-directory.js';

export interface DeployPlaceOptions extends Omit<DeployTerraformOptions, 'stack'> {
  readonly destroy: boolean;
  readonly statefulTypes: ReadonlySet<string>;
  /** Types that are put right in place when their creation failed. */
  readonly mendedTypes: ReadonlySet<string>;
}

/** Plans, looks at the plan, applies it. Returns whether there was anything to do. */
export async function deployPlace(
  place: TerraformPlace,
  earlier: ApplyMarker | undefined,
  options: DeployPlaceOptions,
): Promise<boolean> {
  try {
    return await deployPlanned(place, earlier, options);
  } catch (error) {
    if (options.destroy || !isAgentctlError(error) || error.code !== 'Refused') throw error;
    // What protects from being destroyed refuses the replacement of something whose creation failed as well.
    const locked = async (work: () => Promise<void>): Promise<void> =>
      await withoutDeadLock(place, earlier, options, work);
    if (!(await mendTainted(place, options, locked))) throw error;
    return await deployPlanned(place, earlier, options);
  }
}

async function deployPlanned(
  place: TerraformPlace,
  earlier: ApplyMarker | undefined,
  options: DeployPlaceOptions,
): Promise<boolean> {
  return await withPlan(place, options, async (plan, content) => {
    if (content === undefined) {
      if (earlier === undefined) return false;
      // Nobody saw the apply before end, and it may have left its lock.
      return await apply(place, plan, earlier, options).then(() => false);
    }
    const { mendedTypes, allowReplace = [] } = options;
    const halfMade = content.resource_changes.filter((item) => isMended(item, mendedTypes));
    const [mended] = halfMade.filter(({ address }) => !allowReplace.includes(address));
    if (mended !== undefined) throw wouldReplace(place.name, mended.address);
    const changes = planChanges(content, options.statefulTypes);
    const refusal = planRefusal(place.name, changes, { ...options, first: isFirst(content) });
    if (refusal !== undefined) throw refusal;
    await apply(place, plan, earlier, options);
    return true;
  });
}

/** Hands over a plan, and its content when there is something to do; it is removed afterwards. */
export async function withPlan<T>(
  place: TerraformPlace,
  { signal, destroy }: { readonly signal: AbortSignal; readonly destroy: boolean },
  use: (plan: string, content: PlanContent | undefined) => Promise<T>,
): Promise<T> {
  const plan = `plan-${randomUUID()}.bin`;
  try {
    const { exitCode } = await runTerraform(place, planArguments({ out: plan, destroy }), { signal, phase: 'plan' });
    if (exitCode === 0) return await use(plan, undefined);
    const { stdout } = await runTerraform(place, showArguments(plan), { signal, phase: 'other' });
    return await use(plan, planContent.parse(JSON.parse(stdout)));
  } finally {
    await rm(join(place.path, plan), { force: true });
  }
}

async function apply(
  place: TerraformPlace,
  plan: string,
  earlier: ApplyMarker | undefined,
  run: TerraformRun,
): Promise<void> {
  const applied = await withoutDeadLock(place, earlier, run, async () => {
    const ended = await applyPlan(place, plan, { ...run, earlier });
    const lock = lockIn(ended.exitCode === 0 ? [] : errorsIn(ended.lines));
    if (lock === undefined || existsSync(join(place.path, erroredState))) return ended;
    await markApply(place.path, earlier);
    throw lockedByOthers(place.name, lock, unlockCommand(place, lock.id));
  });
  // The lock may be there still, when its backend refused the state or Terraform was killed: the next run knows that it is ours.
  if (existsSync(join(place.path, erroredState))) throw stateNotWritten(place, applied);
  if (applied.exitCode === null) throw endedBySignal(place.name, applied);
  const told = errorsIn(applied.lines);
  const errors = await withoutLeftLock(place, told, run.signal);
  await markApply(place.path, undefined);
  if (applied.exitCode === 0 || (told.length > 0 && errors.length === 0)) return;
  if (run.signal.aborted) throw interruptedApply(place.name, applied);
  throw terraformFailed(place.name, 'apply', errors);
}

/** Does something that takes the lock; once more when that was held by an apply of ours which is dead. */
async function withoutDeadLock<T>(
  place: TerraformPlace,
  earlier: ApplyMarker | undefined,
  { signal, log }: TerraformRun,
  work: () => Promise<T>,
): Promise<T> {
  try {
    return await work();
  } catch (error) {
    const lock = lockOf(error);
    if (lock === undefined || !isOurDeadLock(lock, earlier, ourselves())) throw error;
    log(`frees the lock of an apply of ours that was killed (${lock.id})`);
    await runTerraform(place, unlockArguments(lock.id), { signal, phase: 'other' });
    return await work();
  }
}

/** Writes a state that an earlier run could not write. */
export async function pushErroredState(
  place: TerraformPlace,
  earlier: ApplyMarker | undefined,
  run: TerraformRun,
): Promise<void> {
  const file = join(place.path, erroredState);
  if (!existsSync(file)) return;
  run.log(`writes the state of ${place.name} that an earlier run could not write`);
  try {
    await withoutDeadLock(place, earlier, run, async () => {
      await runTerraform(place, statePushArguments(erroredState), { signal: run.signal, phase: 'other' });
    });
  } catch (error) {
    const text = error instanceof Error ? error.message : '';
    if (!/serial|lineage/i.test(text)) throw error;
    throw new AgentctlError(
      'StateUnreadable',
      `the state in ${file} and that of ${place.name} have gone different ways`,
      {
        fix: `compare them (${place.command} -chdir=${place.path} state pull). If the file is right: ${place.command} -chdir=${place.path} state push -force ${erroredState}. Then remove the file, and run it again`,
        cause: error,
      },
    );
  }
  await rm(file);
  await markApply(place.path, undefined);
}

/** Caught: what is half made is put right, or what it lacks is told. */
function wouldReplace(stack: string, address: string): AgentctlError {
  return new AgentctlError('Refused', `stack ${stack} would replace ${address}, whose creation failed`, {
    fix: 'run it again',
  });
}

function stateNotWritten({ name, path }: TerraformPlace, { progress, lines }: AppliedPlan): AgentctlError {
  const told = terraformFailed(name, 'apply', errorsIn(lines));
  return new AgentctlError('StepFailed', `stack ${name} was changed, and its state could not be written`, {
    fix: `run it again on this machine once the bucket can be written: it writes the state first. Until then keep ${join(path, erroredState)}`,
    detail: [told.message, ...(told.detail === undefined ? [] : [told.detail])].join('\n'),
    data: { stack: name, state: join(path, erroredState), done: progress.done },
    retryable: false,
  });
}

function interruptedApply(name: string, { progress }: AppliedPlan): AgentctlError {
  const { done, planned } = progress;
  return new AgentctlError(
    'Interrupted',
    `interrupted while stack ${name} was deployed: ${done.length} of ${planned} changes are made, and in its state`,
    { fix: 'go on where it is: agentctl resume', data: { stack: name, planned, done } },
  );
}

function endedBySignal(name: string, { progress, signal }: AppliedPlan): AgentctlError {
  return new AgentctlError('StepFailed', `Terraform was ended by ${signal} while stack ${name} was deployed`, {
    fix: 'run it again on this machine: it frees the lock and goes on. What was made in the last seconds may be missing in the state; Terraform names it when it is there already',
    data: { stack: name, done: progress.done, current: progress.current },
  });
}
