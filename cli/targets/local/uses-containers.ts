import { readDesired } from '../../supervisor/desired-state.js';
import { stateLayout } from '../../supervisor/state-layout.js';

/** Whether anything of the stage has run as a container. Where nothing has, no engine is asked for anything. */
export function usesContainers(stateDirectory: string): boolean {
  return readDesired(stateLayout(stateDirectory)).usesContainers;
}
