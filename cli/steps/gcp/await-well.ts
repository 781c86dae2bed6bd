import { AgentctlError } from '../../errors.js';
import type { StepContext } from '../../plan/step.js';
import type { GcpStepTools } from './gcp-step-tools.js';
import type { CheckedService, Problem } from './service-checks.js';

export interface AwaitWellOptions {
  /** `r7 does not hold`. */
  readonly otherwise: string;
  readonly withinSeconds: number;
  readonly services: readonly Pick<CheckedService, 'name' | 'revision'>[];
}

/** Lines of each revision that are shown when it is not well. */
const shownLines = 20;

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
        await Promise.all(services.map(async (service) => await lastLines(service, tools, signal)))
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

async function lastLines(
  { name, revision }: Pick<CheckedService, 'name' | 'revision'>,
  { gcp }: GcpStepTools,
  signal: AbortSignal,
): Promise<readonly string[]> {
  const lines: string[] = [];
  try {
    const options = { of: { kind: 'revision', name: revision } as const, tail: shownLines, follow: false, signal };
    for await (const { text } of gcp.logs.lines(options)) lines.push(`  | ${name}: ${text}`);
  } catch {
    // What failed is told; that its log cannot be read as well helps nobody.
  }
  return lines;
}
