import { AgentctlError } from '../../errors.js';
import type { StepContext } from '../../plan/step.js';
import type { GcpStepTools } from './gcp-step-tools.js';
import { revisionLines } from './revision-lines.js';
import type { CheckedService, Problem } from './service-checks.js';

export interface AwaitWellOptions {
  /** `r7 does not hold`. */
  readonly otherwise: string;
  readonly withinSeconds: number;
  readonly services: readonly Pick<CheckedService, 'name' | 'revision'>[];
}

/**
 * Looks until nothing is wrong any more.
 *
 * @throws StepFailed with the last lines of the revisions, when waiting does not help or the time is up
 */
export async function awaitWell(
  { otherwise, withinSeconds, services }: AwaitWellOptions,
  { tools, signal, log }: StepContext<GcpStepTools>,
  look: () => Promise<Problem | undefined>,
): Promise<void> {
  const deadline = performance.now() + withinSeconds * 1000;
  for (let said = ''; ;) {
    const problem = await look();
    if (problem === undefined) return;
    if (problem.isFinal || performance.now() > deadline) {
      const detail = (
        await Promise.all(services.map(async (service) => await revisionLines(service, tools, signal)))
      ).flat();
      throw new AgentctlError('StepFailed', `${otherwise}: ${problem.what}`, {
        fix: 'mend what its last log lines name and deploy again',
        ...(detail.length === 0 ? {} : { detail: detail.join('\n') }),
      });
    }
    if (problem.what !== said) log(`not yet: ${problem.what}`);
    said = problem.what;
    await tools.sleep(tools.gcp.pollSeconds, signal);
  }
}
