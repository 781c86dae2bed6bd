import type { FakeWorld } from '../../fake-world.js';
import { applyInput } from './apply-input.js';
import { cloudFormationState } from './cloudformation-state.js';
import { deleteResources } from './delete-resources.js';
import { rollBackCreation, rollBackUpdate } from './roll-back.js';
import type { Stack, StackInput } from './stack.js';
import { checkExports, outputsOf } from './stack-outputs.js';

/** What happens to a stack that could not be created. */
export type OnFailure = 'ROLLBACK' | 'DELETE' | 'DO_NOTHING';

/** Creates a stack. Failures end in its status, as everything here. */
export async function createStack(
  world: FakeWorld,
  stack: Stack,
  input: StackInput,
  onFailure: OnFailure,
): Promise<void> {
  const state = world.state(cloudFormationState);
  state.setStatus(stack, 'CREATE_IN_PROGRESS', 'User Initiated');
  stack.input = input;
  try {
    await apply(world, stack, input);
    state.setStatus(stack, 'CREATE_COMPLETE');
  } catch (error) {
    const reason = reasonOf(error, 'create');
    if (onFailure === 'DO_NOTHING') return state.setStatus(stack, 'CREATE_FAILED', reason);
    if (onFailure === 'DELETE') return deleteStack(world, stack, [], reason);
    await rollBackCreation(world, stack, `${reason} Rollback requested by user.`);
  }
}

/** Updates a stack, then deletes what it no longer has. */
export async function updateStack(
  world: FakeWorld,
  stack: Stack,
  input: StackInput,
  isRollbackDisabled: boolean,
): Promise<void> {
  const state = world.state(cloudFormationState);
  stack.snapshot ??= { input: stack.input, resources: new Map(stack.resources), outputs: stack.outputs };
  stack.cleanup = [];
  stack.updatedAt = new Date();
  state.setStatus(stack, 'UPDATE_IN_PROGRESS', 'User Initiated');
  let ids: readonly string[];
  try {
    ids = await apply(world, stack, input);
  } catch (error) {
    const isCancelled = stack.operation?.abort.signal.aborted === true;
    const reason = isCancelled ? 'User Initiated' : reasonOf(error, 'update');
    if (isRollbackDisabled && !isCancelled) return state.setStatus(stack, 'UPDATE_FAILED', reason);
    return rollBackUpdate(world, stack, reason);
  }
  stack.input = input;
  stack.snapshot = undefined;
  state.setStatus(stack, 'UPDATE_COMPLETE_CLEANUP_IN_PROGRESS');
  await deleteResources(world, stack, stack.cleanup.splice(0), 'replaced');
  const removed = [...stack.resources.values()].filter(({ logicalId }) => !ids.includes(logicalId));
  const failed = await deleteResources(world, stack, removed, 'removed');
  // What could not be deleted is no longer part of the stack.
  for (const id of failed) stack.resources.delete(id);
  state.setStatus(stack, 'UPDATE_COMPLETE');
}

/** Deletes a stack. Exports that others use keep it. */
export async function deleteStack(
  world: FakeWorld,
  stack: Stack,
  retain: readonly string[],
  reason = 'User Initiated',
): Promise<void> {
  const state = world.state(cloudFormationState);
  state.setStatus(stack, 'DELETE_IN_PROGRESS', reason);
  try {
    checkExports(state, stack, []);
  } catch (error) {
    return state.setStatus(stack, 'DELETE_FAILED', `Delete canceled. ${(error as Error).message}`);
  }
  const failed = await deleteResources(world, stack, [...stack.resources.values(), ...stack.cleanup], 'removed', {
    retain,
  });
  if (failed.length > 0) {
    return state.setStatus(
      stack,
      'DELETE_FAILED',
      `The following resource(s) failed to delete: [${failed.join(', ')}].`,
    );
  }
  stack.outputs = [];
  stack.imports = new Set();
  stack.deletedAt = new Date();
  state.setStatus(stack, 'DELETE_COMPLETE');
}

async function apply(world: FakeWorld, stack: Stack, input: StackInput): Promise<readonly string[]> {
  const signal = stack.operation?.abort.signal ?? new AbortController().signal;
  const { ids, imports, scope } = await applyInput(world, stack, input, signal);
  const outputs = outputsOf(scope);
  checkExports(world.state(cloudFormationState), stack, outputs);
  stack.outputs = outputs;
  stack.imports = imports;
  return ids;
}

function reasonOf(error: unknown, verb: string): string {
  const message = error instanceof Error ? error.message : String(error);
  return message.startsWith('[') ? `The following resource(s) failed to ${verb}: ${message}.` : message;
}
