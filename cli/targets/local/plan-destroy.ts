import { PlanBuilder } from '../../plan/plan-builder.js';
import type { Plan } from '../../plan/plan.js';
import { removeState } from '../../steps/local/remove-state.js';
import { stopEverything } from '../../steps/local/stop-everything.js';

export interface PlanDestroyOptions {
  readonly runId: string;
  readonly madeAt: string;
  readonly name: string;
  readonly stage: string;
  readonly specHash: string;
  /** The release that serves; null when nothing does. */
  readonly release: string | null;
  readonly deleteData: boolean;
}

/** Pure: how to take a stage away. The same plan on a stage that is gone already changes nothing. */
export function planDestroy({ deleteData, release, ...about }: PlanDestroyOptions): Plan {
  const builder = new PlanBuilder();
  const stopped = builder.add('stop', stopEverything, {});
  builder.add('remove', removeState, { data: deleteData }, { after: [stopped] });
  return builder.build({ ...about, action: 'destroy', target: 'local', base: { release }, release: null });
}
