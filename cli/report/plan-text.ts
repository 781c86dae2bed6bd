import type { Plan } from '../plan/plan.js';

/** Pure: a plan for people, before it is confirmed. */
export function planText(plan: Plan): string {
  const where = `${plan.action === 'deploy' ? 'to' : 'on'} ${plan.target} (stage ${plan.stage})`;
  const head = `Plan: ${plan.action} ${plan.name} ${where}${plan.release === null ? '' : `, release ${plan.release}`}`;
  const steps = plan.steps.map((step, index) => `  ${String(index + 1).padStart(2)}. ${step.title}`);
  return [head, ...steps, ...recoveryText(plan)].join('\n');
}

function recoveryText({ recovery }: Plan): readonly string[] {
  if (recovery === null) return [];
  const to = recovery.returnsTo === null ? 'nothing is left running' : `${recovery.returnsTo} keeps serving`;
  return [`  If the release does not come up healthy, ${to}.`];
}
