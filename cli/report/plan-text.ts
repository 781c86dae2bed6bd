import type { Plan } from '../plan/plan.js';
import { changesText } from './changes-text.js';
import { whatStays } from './what-stays.js';

/** Pure: a plan for people, before it is confirmed. `flags` repeat the choice of stage, for hints. */
export function planText(plan: Plan, flags: string): string {
  const where = `${plan.action === 'deploy' ? 'to' : 'on'} ${plan.target} (stage ${plan.stage})`;
  const head = `Plan: ${plan.action} ${plan.name} ${where}${plan.release === null ? '' : `, release ${plan.release}`}`;
  const steps = plan.steps.map((step, index) => `  ${String(index + 1).padStart(2)}. ${step.title}`);
  return [head, ...steps, ...changesText(plan.changes ?? []), ...recoveryText(plan, flags)].join('\n');
}

function recoveryText({ recovery, target }: Plan, flags: string): readonly string[] {
  if (recovery === null) return [];
  const when = '  If the release does not come up healthy,';
  if (recovery.returnsTo !== null) return [`${when} ${recovery.returnsTo} keeps serving.`];
  const { removed, stays } = whatStays(target);
  return [`${when} ${removed}.`, `  ${stays.slice(0, 1).toUpperCase()}${stays.slice(1)}: agentctl destroy ${flags}`];
}
