import { workloadName } from '../../../stacks/gcp/naming.js';
import { AgentctlError, isAgentctlError } from '../../errors.js';
import type { StepContext } from '../../plan/step.js';
import type { GcpStepTools } from './gcp-step-tools.js';
import type { StageRequest } from './stage-request.js';

/** Lines of each revision that are shown when it is not well. */
const shownLines = 20;

/** What a revision has printed last, for a message: `  | api: cannot load the model`. */
export async function revisionLines(
  { name, revision }: { readonly name: string; readonly revision: string },
  { gcp }: Pick<GcpStepTools, 'gcp'>,
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

/**
 * An apply waits until each new revision has come up, and ends with what Cloud Run says of one that did not. Adds what that
 * has printed, which is what has to be mended.
 */
export async function withRevisionLines(
  error: unknown,
  { spec, stage }: StageRequest,
  { tools, signal }: Pick<StepContext<GcpStepTools>, 'tools' | 'signal'>,
): Promise<unknown> {
  if (!isAgentctlError(error) || error.code !== 'StepFailed' || signal.aborted) return error;
  const scope = { name: spec.name, stage };
  const found = Object.entries(spec.services).map(async ([name, { port }]) => {
    const kind = port === undefined ? 'worker' : 'service';
    const state = await tools.gcp.services.state(kind, workloadName(scope, name), signal).catch(() => undefined);
    const revision = state?.latestCreated ?? null;
    const isUp = revision === null || revision === state?.latestReady;
    return isUp ? [] : await revisionLines({ name, revision }, tools, signal);
  });
  const lines = (await Promise.all(found)).flat();
  if (lines.length === 0) return error;
  return new AgentctlError('StepFailed', error.message, {
    fix: 'mend what its last log lines name and deploy again',
    detail: [...(error.detail === undefined ? [] : [error.detail]), ...lines].join('\n'),
    ...(error.data === undefined ? {} : { data: error.data }),
    cause: error,
  });
}
