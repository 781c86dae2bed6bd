import { AgentctlError } from '../errors.js';

/** What is wrong with a template or configuration, or may be. */
export interface TemplateProblem {
  readonly stack: string;
  readonly rule: string;
  readonly severity: 'error' | 'warning';
  readonly message: string;
  /** Logical id or address of the resource it is about. */
  readonly logicalId?: string | undefined;
}

/** @throws Refused with every error among the problems */
export function refuseErrors(problems: readonly TemplateProblem[]): void {
  const errors = problems.filter(({ severity }) => severity === 'error');
  if (errors.length === 0) return;
  const what =
    errors.length === 1 ? 'a template breaks a rule' : `the templates break rules in ${errors.length} places`;
  throw new AgentctlError('Refused', what, {
    fix: 'change what the lines above name in agentctl.yaml; if nothing there leads to it, please report this',
    detail: errors.map((problem) => `  ${problemText(problem)}`).join('\n'),
    data: { problems: errors },
  });
}

/** One line. */
export function problemText({ stack, rule, message, logicalId }: TemplateProblem): string {
  return `${stack}${logicalId === undefined ? '' : `, ${logicalId}`}: ${message} (${rule})`;
}
