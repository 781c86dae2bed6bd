import type { ContainerPlan } from '../../../stacks/local/container-plan.js';
import { sharedImage } from '../../../stacks/spec/index.js';

/** Pure: where an image of a plan is pushed, `localhost:5000/agents/support`; null: it stays in the engine. */
export function repositoryOf(
  { name, registry }: Pick<ContainerPlan, 'name' | 'registry'>,
  image: string,
): string | null {
  return registry === undefined ? null : `${registry}/${imageName({ name }, image)}`;
}

/** Pure: what an image of a plan is called. */
export function imageName({ name }: Pick<ContainerPlan, 'name'>, image: string): string {
  return image === sharedImage ? name : `${name}-${image}`;
}
