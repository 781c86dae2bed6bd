import type { SpecProblem } from './problem.js';
import { secretsMasked } from './secret-shapes.js';

const mask = '•••';

/** The last line of defence: whatever a check wrote into its texts, no token and no URL password leaves. */
export function withoutSecrets(problem: SpecProblem): SpecProblem {
  const { message, fix, found } = problem;
  const masked = { ...problem, message: secretsMasked(message, mask), fix: secretsMasked(fix, mask) };
  return found === undefined ? masked : { ...masked, found: secretsMasked(found, mask) };
}
