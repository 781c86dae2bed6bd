import { AgentctlError } from '../errors.js';
import type { Plan, PlannedStep } from './plan.js';

/**
 * Compares a plan that was saved with the one that would be made now, under the same names and time. The new one is what
 * is run: a saved plan is a promise about it, not a program.
 *
 * @throws PlanStale when the world has changed since, PlanInvalid when it is not a plan that agentctl made
 */
export function assertSamePlan(saved: Plan, fresh: Plan): void {
  const stale = whatChanged(saved, fresh);
  if (stale !== undefined) throw unfit('PlanStale', `the plan no longer fits: ${stale}`);
  const different = differentStep(saved, fresh);
  if (different !== undefined) {
    throw unfit('PlanInvalid', `this is not the plan that agentctl makes here: ${different}`);
  }
}

function whatChanged(saved: Plan, fresh: Plan): string | undefined {
  if (placeOf(saved) !== placeOf(fresh)) return `it is for ${placeOf(saved)}, not for ${placeOf(fresh)}`;
  if (saved.specHash !== fresh.specHash) return 'the config file has changed';
  if (saved.base.release !== fresh.base.release) {
    return `it was made when ${saved.base.release ?? 'nothing'} served, and now ${fresh.base.release ?? 'nothing'} does`;
  }
  if (saved.release !== fresh.release)
    return `the next release is ${fresh.release ?? 'none'}, not ${saved.release ?? 'none'}`;
  return JSON.stringify(digestsIn(saved)) === JSON.stringify(digestsIn(fresh)) ? undefined : 'the source has changed';
}

function placeOf({ name, target, stage }: Plan): string {
  return `${name} on ${target}, stage ${stage}`;
}

function digestsIn({ steps }: Plan): readonly string[] {
  return [...new Set(JSON.stringify(steps).match(/sha256:[0-9a-f]+/g))].toSorted();
}

function differentStep(saved: Plan, fresh: Plan): string | undefined {
  const [mine, theirs] = [allSteps(saved), allSteps(fresh)];
  const missing = theirs.find((step) => !mine.some((other) => other.id === step.id));
  if (missing !== undefined) return `the step "${missing.id}" is missing`;
  const other = mine.find((step, index) => comparable(step) !== comparable(theirs[index]));
  return other === undefined ? undefined : `the step "${other.id}" differs`;
}

function allSteps({ steps, recovery }: Plan): readonly PlannedStep[] {
  return [...steps, ...(recovery?.steps ?? [])];
}

/** Who deploys from which commit is recorded at the time of the deploy, and may differ from that of the plan. */
function comparable(step: PlannedStep | undefined): string {
  return JSON.stringify(step, (key, value: unknown) => (key === 'git' || key === 'by' ? undefined : value));
}

function unfit(code: 'PlanStale' | 'PlanInvalid', message: string): AgentctlError {
  return new AgentctlError(code, message, {
    fix: 'make a new plan with `agentctl deploy --plan-only -o plan.json`, review it, and run that',
  });
}
