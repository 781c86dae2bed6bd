import type { ProcessPlan } from '../../../stacks/local/process-plan.js';
import { PlanBuilder } from '../../plan/plan-builder.js';
import type { Plan } from '../../plan/plan.js';
import { addBuilds, addMigratedData } from './migrated-data.js';
import { newReleaseId, type PlanDeployOptions } from './plan-deploy.js';

/** Pure: the part of a deploy that ends with its migrations. What serves goes on serving, and no release is made. */
export function planMigrate({ processes, facts, specHash }: PlanDeployOptions): Plan {
  const builder = new PlanBuilder();
  const artifacts = addBuilds(builder, { contexts: contextsOf(processes) }, facts);
  // The id that a deploy would take now: a migration may ask for it.
  addMigratedData(builder, { release: newReleaseId(facts), processes, facts, artifacts });
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

function contextsOf({ contexts, migrations }: ProcessPlan): ProcessPlan['contexts'] {
  const needed = new Set(migrations.map((migration) => migration.context));
  return Object.fromEntries(Object.entries(contexts).filter(([context]) => needed.has(context)));
}
