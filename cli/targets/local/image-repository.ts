import type { ContainerPlan } from '../../../stacks/local/container-plan.js';

/** Pure: where an image of a plan is pushed, `localhost:5000/agents/support`; null: it stays in the engine. */
export function repositoryOf(
  { name, registry }: Pick<ContainerPlan, 'name' | 'registry'>,
  image: string,
): string | null {
  if (registry === undefined) return null;
  return image === 'agent' ? `${registry}/${name}` : `${registry}/${name}-${image}`;
}
