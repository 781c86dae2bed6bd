import { isWholeTableWanted, wantedBreadth } from '../faults/wanted-cells.js';

/**
 * Of so many cells one is tried, unless everything is wanted. Neither divides six nor three, the numbers of kinds of fault and
 * of signals: every step and kind has its turn.
 */
const strides = { usual: 11, sample: 29 } as const;

/**
 * A cell is some deploys to the fake: without `--all` or a name, one of many is tried. AGENTCTL_FAULTS_AWS_STRIDE says of
 * how many, AGENTCTL_FAULTS_AWS_FIRST which.
 */
export function cellSampleOf<T>(cells: readonly T[]): readonly T[] {
  const asked = process.env['AGENTCTL_FAULTS_AWS_STRIDE'];
  const breadth = wantedBreadth();
  if (asked === undefined && (!isWholeTableWanted() || breadth === 'all')) return cells;
  const first = Number(process.env['AGENTCTL_FAULTS_AWS_FIRST'] ?? 0);
  const stride = Number(asked ?? (breadth === 'all' ? 1 : strides[breadth]));
  return cells.filter((_, index) => index % stride === first);
}
