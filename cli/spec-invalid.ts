import type { ConfigProblem } from './config/problem.js';
import { renderProblems } from './config/render-problems.js';
import { AgentctlError } from './errors.js';

/** The one error that stands for all problems of a config file. */
export function specInvalid(problems: readonly ConfigProblem[], file: string): AgentctlError {
  const count = problems.length === 1 ? '1 problem' : `${problems.length} problems`;
  return new AgentctlError('SpecInvalid', `${count} in ${file === '-' ? 'standard input' : file}`, {
    fix: 'mend what is shown above, then check with `agentctl validate`',
    detail: renderProblems(problems, { summary: false }),
    data: { problems },
  });
}
