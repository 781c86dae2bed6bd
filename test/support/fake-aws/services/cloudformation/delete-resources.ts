import type { FakeWorld } from '../../fake-world.js';
import type { Properties } from '../../resource-type.js';
import { permissions } from '../../permissions/permissions.js';
import { knownType, meetFault, resourceContext } from './apply-resource.js';
import { cloudFormationState } from './cloudformation-state.js';
import { inOrder } from './dependencies.js';
import { withReferences } from './dynamic-references.js';
import type { Stack, StackResource } from './stack.js';

/** Why resources are deleted decides which policy says whether they are kept. */
export type DeletionCause = 'removed' | 'replaced' | 'creation-rolled-back';

/** Deletes resources, users before what they use. Returns the logical ids of those that could not be. */
export async function deleteResources(
  world: FakeWorld,
  stack: Stack,
  resources: readonly StackResource[],
  cause: DeletionCause,
  options: { readonly retain?: readonly string[] } = {},
): Promise<string[]> {
  const state = world.state(cloudFormationState);
  const withId = (id: string) => resources.filter(({ logicalId }) => logicalId === id);
  const ids = resources.map(({ logicalId }) => logicalId);
  const order = inOrder(ids, (id) => withId(id).flatMap(({ needs }) => needs)).reverse();
  const failed = new Set<string>();
  const neverAborted = new AbortController().signal;
  for (const resource of order.flatMap(withId)) {
    const { logicalId, type } = resource;
    const isCurrent = () => stack.resources.get(logicalId)?.physicalId === resource.physicalId;
    const forget = () => void (isCurrent() && stack.resources.delete(logicalId));
    const isUsed = resources.some((other) => failed.has(other.logicalId) && other.needs.includes(logicalId));
    if (isUsed) continue;
    if (isKept(resource, cause) || options.retain?.includes(logicalId) === true) {
      state.addEvent(stack, resource, 'DELETE_SKIPPED');
      forget();
      continue;
    }
    state.addEvent(stack, resource, 'DELETE_IN_PROGRESS');
    try {
      await meetFault(world, logicalId, type, 'delete', neverAborted);
      const properties = referencesOrNot(resource.properties, world);
      const work = { type, action: 'delete', properties, name: resource.physicalId } as const;
      world.state(permissions).assertResource(stack.name, work);
      await knownType(type).resource.delete(
        resource,
        properties,
        resourceContext(world, stack, logicalId, neverAborted),
      );
      state.addEvent(stack, resource, 'DELETE_COMPLETE');
      forget();
    } catch (error) {
      failed.add(logicalId);
      const reason = error instanceof Error ? error.message : String(error);
      if (isCurrent())
        stack.resources.set(logicalId, { ...resource, status: 'DELETE_FAILED', reason, changedAt: new Date() });
      state.addEvent(stack, resource, 'DELETE_FAILED', reason);
    }
  }
  return [...failed];
}

/** A secret that is gone keeps nothing from being deleted. */
function referencesOrNot(properties: Properties, world: FakeWorld): Properties {
  try {
    return withReferences(properties, world) as Properties;
  } catch {
    return properties;
  }
}

function isKept({ definition }: StackResource, cause: DeletionCause): boolean {
  const policy = cause === 'replaced' ? definition.UpdateReplacePolicy : definition.DeletionPolicy;
  return policy === 'Retain' || (policy === 'RetainExceptOnCreate' && cause !== 'creation-rolled-back');
}
