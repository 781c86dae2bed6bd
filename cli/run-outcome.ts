import { AgentctlError, type ErrorCode, isErrorCode } from './errors.js';
import type { StepFailure } from './engine/events.js';
import type { RunResult } from './engine/execute.js';
import type { CommandResult } from './io/io.js';
import type { Plan } from './plan/plan.js';
import { whatStays } from './report/what-stays.js';

export interface OutcomeOptions {
  readonly runId: string;
  /** Flags of the commands that are suggested. */
  readonly flags: string;
  /** The whole run was stopped by --timeout. */
  readonly timedOut: boolean;
}

/**
 * The end of a run as a result.
 *
 * @throws AgentctlError of the class of the failure, naming what serves now and the next command
 */
export function runOutcome(plan: Plan, result: RunResult, options: OutcomeOptions): CommandResult {
  if (result.outcome === 'succeeded') return succeeded(plan, result, options);
  throw runFailure(plan, result, options);
}

function succeeded(plan: Plan, result: RunResult, { runId }: OutcomeOptions): CommandResult {
  if (plan.action === 'migrate') return migrated(plan, result, runId);
  const done = doneTexts[plan.action];
  if (done !== undefined) {
    const data = { action: plan.action, changed: true, release: plan.base.release, runId };
    return { exitCode: 0, note: `${plan.name} is ${done}`, text: '', data };
  }
  const url = result.outputs.get('verify')?.['url'];
  const release = plan.release ?? plan.base.release;
  const changed = plan.release !== null;
  return {
    exitCode: 0,
    note: changed ? `${plan.name} ${release} serves` : unchangedText(plan),
    text: typeof url === 'string' ? url : '',
    data: { action: plan.action, changed, release, url: url ?? null, runId },
  };
}

/** How runs end that neither make a release nor prove one. */
const doneTexts: Partial<Record<Plan['action'], string>> = {
  backup: 'backed up',
  restore: 'restored; what was replaced is kept: agentctl backup list',
  destroy: 'destroyed',
};

/** Whether a migration had anything to do is known to its own tool alone. */
function migrated(plan: Plan, result: RunResult, runId: string): CommandResult {
  const { action, base, steps } = plan;
  const migrations = steps.flatMap(({ id }) => (id.startsWith('migration-') ? [id.slice('migration-'.length)] : []));
  return {
    exitCode: 0,
    note: `migrated; ${servingAfter(plan, result)}`,
    text: '',
    data: { action, migrations, release: base.release, runId },
  };
}

function unchangedText({ action, name, base }: Plan): string {
  const reason = action === 'deploy' ? 'what the config says' : 'that already';
  return `nothing to do: ${name} ${base.release} serves ${reason}`;
}

/** The failure or interruption of a run, as what its command throws. */
export function runFailure(plan: Plan, result: RunResult, { runId, flags, timedOut }: OutcomeOptions): AgentctlError {
  const { failure, outcome, recovered, isLeft = false } = result;
  const serving = isLeft ? leftText(plan) : `${servingAfter(plan, result)}${migratedText(plan, result)}`;
  const resume = `agentctl resume ${runId} ${flags}`;
  if (timedOut) {
    return new AgentctlError('TimedOut', `the ${plan.action} was stopped by --timeout; ${serving}`, { fix: resume });
  }
  if (outcome === 'interrupted') {
    return new AgentctlError('Interrupted', `interrupted; ${serving}`, { fix: `go on with: ${resume}` });
  }
  const { code, message, fix, detail } = failure?.failure ?? unknownFailure;
  return new AgentctlError(codeOf(plan, recovered, code), `${message}; ${serving}`, {
    fix: [withCommand(fix, flags), ...stayingText(plan, recovered, flags)].join('\n       '),
    ...(detail === undefined ? {} : { detail }),
  });
}

/** A failure after traffic could have moved is told by how it ended, any other by what failed. */
function codeOf(plan: Plan, recovered: boolean | undefined, code: string): ErrorCode {
  // A restore that is taken back leaves the data of before, whether anything serves it or not.
  const isBack = plan.action === 'restore' || (plan.recovery?.returnsTo ?? null) !== null;
  if (recovered !== undefined) return recovered && isBack ? 'RolledBack' : 'NotRolledBack';
  return isErrorCode(code) ? code : 'Bug';
}

/** Steps say "deploy again" and do not know of which stage. */
function withCommand(fix: string, flags: string): string {
  return fix.endsWith('deploy again') ? `${fix}: agentctl deploy ${flags}` : fix;
}

/** Where nothing served before, taking a release back leaves no replica, and everything that was set up for it. */
function stayingText(
  { action, recovery, target }: Plan,
  recovered: boolean | undefined,
  flags: string,
): readonly string[] {
  if (action === 'restore' || recovered !== true || recovery === null || recovery.returnsTo !== null) return [];
  return [`${whatStays(target).stays}; to take it away: agentctl destroy ${flags}`];
}

function servingAfter(plan: Plan, { recovered, outputs }: Pick<RunResult, 'recovered' | 'outputs'>): string {
  const { base, recovery, release } = plan;
  if (recovered === false) return `the way back failed too: see \`agentctl status\``;
  if (recovery !== null && recovery.until !== null && outputs.has(recovery.until)) return `${release} serves`;
  const still = recovered === undefined ? base.release : (recovery?.returnsTo ?? null);
  return still === null ? 'nothing serves' : `${still} still serves`;
}

/** What the target had begun it may bring to its end or take back: only the stage knows. */
function leftText({ release, base }: Plan): string {
  const before = base.release === null ? 'nothing serves' : `${base.release} serves`;
  return `what was begun of ${release} goes on without agentctl, ${before} until it is done: see \`agentctl status\``;
}

/** A schema is never taken back (expand and contract): whoever reads that an older release serves should know. */
function migratedText({ action, recovery }: Plan, { recovered, outputs }: RunResult): string {
  const migrations = [...outputs.keys()].flatMap((id) =>
    id.startsWith('migration-') ? [id.slice('migration-'.length)] : [],
  );
  if (action !== 'deploy' || recovery === null || recovered === undefined || migrations.length === 0) return '';
  return `; the schema is as migration ${migrations.join(', ')} left it`;
}

const unknownFailure: StepFailure = { code: 'Bug', message: 'the run failed without saying why', fix: 'report this' };
