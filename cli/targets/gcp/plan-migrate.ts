import { imageSourceOf } from '../../../stacks/spec/index.js';
import { PlanBuilder } from '../../plan/plan-builder.js';
import type { Plan } from '../../plan/plan.js';
import { addBase, headerOf, type PlanDeployOptions } from './plan-deploy.js';
import { newReleaseId } from './recorded-release.js';

/** Pure: the part of a deploy that ends with its migrations. What serves goes on serving, and no release is made. */
export function planMigrate(options: PlanDeployOptions): Plan {
  const { spec, facts } = options;
  const builder = new PlanBuilder();
  const sources = new Set(spec.migrations.map((migration) => imageSourceOf(spec, migration)));
  // The id that a deploy would take now: a migration may ask for it.
  addBase(builder, options, newReleaseId(facts), sources);
  return builder.build({ ...headerOf(options, 'migrate'), release: null, changes: facts.changes });
}
