import { AgentctlError, isErrorCode } from '../../errors.js';
import type { FailureBody } from '../../supervisor/protocol.js';

/** What the supervisor says went wrong, as an error of ours. `subject`: what it was asked about, which it may not know. */
export function reportedFailure(problem: FailureBody | null | undefined, subject: string): AgentctlError {
  if (problem === null || problem === undefined) {
    return new AgentctlError('StepFailed', `the local supervisor no longer knows ${subject}`, {
      fix: 'Look into logs/supervisor.log in the state directory, and try again.',
    });
  }
  const { code, message, fix, detail } = problem;
  return new AgentctlError(isErrorCode(code) ? code : 'StepFailed', message, {
    fix,
    ...(detail === undefined ? {} : { detail }),
  });
}
