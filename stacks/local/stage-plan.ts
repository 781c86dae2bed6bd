import type { AgentSpec } from '../spec/index.js';
import { type ContainerPlan, containerPlan } from './container-plan.js';
import { type ProcessPlan, processPlan } from './process-plan.js';

/** What a stage of the local target runs, as processes or as containers. */
export type StagePlan = ProcessPlan | ContainerPlan;

/** Pure: the plan of the runtime that the spec asks for; `auto` is processes, as in validation. */
export function stagePlan(spec: AgentSpec, stage: string): StagePlan {
  return spec.clouds.local?.runtime === 'docker' ? containerPlan(spec, stage) : processPlan(spec, stage);
}
