import type { Revision } from './revision.js';
import type { RunState } from './run-state.js';

/** Of services and worker pools, oldest first. */
export function allRevisions({ services, workerPools }: RunState): Revision[] {
  return [...services.values(), ...workerPools.values()].flatMap(({ revisions }) => [...revisions.values()]);
}
