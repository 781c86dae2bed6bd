import { AgentctlError, type ErrorCode, exitCodes } from './errors.js';
import type { StepFailure } from './engine/events.js';
import type { RunResult } from './engine/execute.js';
import type { CommandResult } from './io/io.js';
import type { Plan } from './plan/plan.js';
import type { Project } from './project.js';

export interface OutcomeOptions {
  readonly project: Pick<Project, 'runId' | 'flags'>;
  /** The whole run was stopped by --timeout. */
  readonly timedOut: boolean;
}

/**
 * The end of a deploy as a result.
 *
 * @throws AgentctlError of the class of the failure, naming what serves now and the next command
 */
export function runOutcome(plan: Plan, result: RunResult, options: OutcomeOptions): CommandResult {
  if (result.outcome === 'succeeded') return deployed(plan, result, options);
  throw deployFailure(plan, result, options);
}

function deployed(plan: Plan, { outputs }: RunResult, { project }: OutcomeOptions): CommandResult {
  const url = outputs.get('verify')?.['url'];
  const release = plan.release ?? plan.base.release;
  const changed = plan.release !== null;
  return {
    exitCode: 0,
    note: changed
      ? `${plan.name} ${release} serves`
      : `nothing to do: ${plan.name} ${release} serves what the config says`,
    text: typeof url === 'string' ? url : '',
    data: { action: 'deploy', changed, release, url: url ?? null, runId: project.runId },
  };
}

function deployFailure(plan: Plan, result: RunResult, { project, timedOut }: OutcomeOptions): AgentctlError {
  const { failure, outcome, recovered } = result;
  const serving = servingAfter(plan, recovered);
  const resume = `agentctl resume ${project.runId} ${project.flags}`;
  if (timedOut) {
    return new AgentctlError('TimedOut', `the deploy was stopped by --timeout; ${serving}`, { fix: resume });
  }
  if (outcome === 'interrupted') {
    return new AgentctlError('Interrupted', `interrupted; ${serving}`, { fix: `go on with: ${resume}` });
  }
  const { code, message, fix, detail } = failure?.failure ?? unknownFailure;
  return new AgentctlError(codeOf(plan, recovered, code), `${message}; ${serving}`, {
    fix,
    ...(detail === undefined ? {} : { detail }),
  });
}

/** A failure after traffic could have moved is told by how it ended, any other by what failed. */
function codeOf(plan: Plan, recovered: boolean | undefined, code: string): ErrorCode {
  const returnsTo = plan.recovery?.returnsTo ?? null;
  if (recovered !== undefined) return recovered && returnsTo !== null ? 'RolledBack' : 'NotRolledBack';
  return isErrorCode(code) ? code : 'Bug';
}

function servingAfter(plan: Plan, recovered: boolean | undefined): string {
  const before = plan.base.release;
  if (recovered === false) return `the way back failed too: see \`agentctl status\``;
  const release = recovered === undefined ? before : (plan.recovery?.returnsTo ?? null);
  return release === null ? 'nothing serves' : `${release} still serves`;
}

function isErrorCode(code: string): code is ErrorCode {
  return Object.hasOwn(exitCodes, code);
}

const unknownFailure: StepFailure = { code: 'Bug', message: 'the run failed without saying why', fix: 'report this' };
