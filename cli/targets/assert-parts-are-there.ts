import { AgentctlError } from '../errors.js';

/**
 * Pure: whether a recorded release can run on the foundation as it is.
 *
 * @param used - names of the outputs that the release needs
 * @throws Refused: it uses a part that was taken away since
 */
export function assertPartsAreThere(
  id: string,
  used: readonly string[],
  foundation: Readonly<Record<string, string>>,
): void {
  const missing = used.filter((output) => foundation[output] === undefined);
  if (missing.length === 0) return;
  throw new AgentctlError('Refused', `${id} uses ${missing.join(', ')}, which the foundation no longer has`, {
    fix: `check the source of ${id} out and deploy that: a deploy makes the parts it needs`,
    data: { release: id, missing },
  });
}
