import type { StagePlan } from '../../../stacks/local/stage-plan.js';
import { PlanBuilder } from '../../plan/plan-builder.js';
import type { Plan } from '../../plan/plan.js';
import { addBuilds } from './add-builds.js';
import { addMigratedData } from './migrated-data.js';
import { newReleaseId, type PlanDeployOptions } from './plan-deploy.js';

/** Pure: the part of a deploy that ends with its migrations. What serves goes on serving, and no release is made. */
export function planMigrate({ processes, facts, specHash }: PlanDeployOptions): Plan {
  const builder = new PlanBuilder();
  const release = newReleaseId(facts);
  const { artifacts } = addBuilds(builder, neededBy(processes), facts, release);
  // The id that a deploy would take now: a migration may ask for it.
  addMigratedData(builder, { release, processes, facts, artifacts });
  return builder.build({
    action: 'migrate',
    runId: facts.runId,
    madeAt: facts.now,
    target: 'local',
    stage: processes.stage,
    name: processes.name,
    specHash,
    base: { release: facts.running?.servingRelease ?? null },
    release: null,
  });
}

/** The plan with those sources alone that its migrations run from. */
function neededBy(plan: StagePlan): StagePlan {
  const needed = new Set(plan.migrations.map(({ source }) => source));
  const only = <T>(sources: Readonly<Record<string, T>>): Record<string, T> =>
    Object.fromEntries(Object.entries(sources).filter(([source]) => needed.has(source)));
  return plan.runtime === 'process'
    ? { ...plan, contexts: only(plan.contexts) }
    : { ...plan, images: only(plan.images) };
}
