import { isWholeTableWanted, wantedBreadth } from '../faults/wanted-cells.js';

/** Of so many cells one is tried unless everything is wanted: prime, so that every step and kind of fault has its turn. */
const sampleStride = 59;

/**
 * A cell is some deploys to the fake: without `--all` or a name, one of many is tried. AGENTCTL_FAULTS_AWS_STRIDE says of
 * how many, AGENTCTL_FAULTS_AWS_FIRST which.
 */
export function awsSampleOf<T>(cells: readonly T[]): readonly T[] {
  const asked = process.env['AGENTCTL_FAULTS_AWS_STRIDE'];
  if (asked === undefined && (!isWholeTableWanted() || wantedBreadth() === 'all')) return cells;
  const first = Number(process.env['AGENTCTL_FAULTS_AWS_FIRST'] ?? 0);
  return cells.filter((_, index) => index % Number(asked ?? sampleStride) === first);
}
