import { isDeepStrictEqual } from 'node:util';
import type { FakeWorld } from '../../fake-world.js';
import { change } from './apply-resource.js';
import { cloudFormationState } from './cloudformation-state.js';
import { deleteResources } from './delete-resources.js';
import { inOrder } from './dependencies.js';
import type { Stack, StackResource } from './stack.js';

/** Deletes what a failed creation left. */
export async function rollBackCreation(world: FakeWorld, stack: Stack, reason: string): Promise<void> {
  const state = world.state(cloudFormationState);
  state.setStatus(stack, 'ROLLBACK_IN_PROGRESS', reason);
  const failed = await deleteResources(world, stack, [...stack.resources.values()], 'creation-rolled-back');
  if (failed.length > 0) {
    const which = `The following resource(s) failed to delete: [${failed.join(', ')}].`;
    return state.setStatus(stack, 'ROLLBACK_FAILED', which);
  }
  stack.imports = new Set();
  state.setStatus(stack, 'ROLLBACK_COMPLETE');
}

/** Takes a stack back to what it was before its update. Can be continued when it fails. */
export async function rollBackUpdate(
  world: FakeWorld,
  stack: Stack,
  reason: string,
  skip: readonly string[] = [],
): Promise<void> {
  const state = world.state(cloudFormationState);
  const { snapshot } = stack;
  if (snapshot === undefined) throw new Error(`${stack.name} has nothing to go back to`);
  state.setStatus(stack, 'UPDATE_ROLLBACK_IN_PROGRESS', reason);
  const created: StackResource[] = [];
  const failed: string[] = [];
  const order = inOrder(stack.resources.keys(), (id) => stack.resources.get(id)?.needs ?? []);
  for (const is of order.flatMap((id) => stack.resources.get(id) ?? [])) {
    const was = snapshot.resources.get(is.logicalId);
    if (was === undefined) created.push(is);
    else if (was.physicalId !== is.physicalId) {
      created.push(is);
      restore(world, stack, was);
    } else if (is.isUnclear || !isDeepStrictEqual(was.properties, is.properties)) {
      if (skip.includes(is.logicalId)) restore(world, stack, was);
      else await change(world, stack, is, was, new AbortController().signal).catch(() => failed.push(is.logicalId));
    } else stack.resources.set(was.logicalId, was);
  }
  if (failed.length > 0) {
    const which = `The following resource(s) failed to update: [${failed.join(', ')}].`;
    return state.setStatus(stack, 'UPDATE_ROLLBACK_FAILED', which);
  }
  state.setStatus(stack, 'UPDATE_ROLLBACK_COMPLETE_CLEANUP_IN_PROGRESS');
  // What was replaced lives on; what replaced it, and what failed to, goes.
  const kept = new Set([...snapshot.resources.values()].map(({ physicalId }) => physicalId));
  const attempts = stack.cleanup.splice(0).filter(({ physicalId }) => !kept.has(physicalId));
  await deleteResources(world, stack, [...created, ...attempts], 'creation-rolled-back');
  for (const id of stack.resources.keys()) if (!snapshot.resources.has(id)) stack.resources.delete(id);
  stack.input = snapshot.input;
  stack.outputs = snapshot.outputs;
  stack.snapshot = undefined;
  state.setStatus(stack, 'UPDATE_ROLLBACK_COMPLETE');
}

function restore(world: FakeWorld, stack: Stack, was: StackResource): void {
  stack.resources.set(was.logicalId, was);
  world.state(cloudFormationState).addEvent(stack, was, 'UPDATE_COMPLETE');
}
