import type * as client from '@aws-sdk/client-cloudformation';
import { isDeepStrictEqual } from 'node:util';
import type { Operation } from '../../fake-service.js';
import type { FakeWorld } from '../../fake-world.js';
import { ServiceError } from '../../service-error.js';
import { begin } from './begin.js';
import { cloudFormationState } from './cloudformation-state.js';
import { differences } from './differences.js';
import { rollBackCreation, rollBackUpdate } from './roll-back.js';
import { createStack, deleteStack, updateStack } from './stack-operations.js';
import { outputsOf } from './stack-outputs.js';
import { canBeUpdated } from './stack-status.js';
import { submittedInput } from './submitted-input.js';

/** What changes stacks outright, and what gets them out of a state that they are stuck in. */
export function stackWriteOperations(world: FakeWorld): Record<string, Operation> {
  const state = world.state(cloudFormationState);
  const refuse = (message: string): never => {
    throw new ServiceError('ValidationError', message);
  };
  return {
    CreateStack(input: client.CreateStackCommandInput) {
      const { StackName = '', ClientRequestToken: token, OnFailure = 'ROLLBACK' } = input;
      const known = state.find(StackName);
      if (known !== undefined && known.status !== 'REVIEW_IN_PROGRESS') {
        if (token !== undefined && known.tokens.has(token)) return { StackId: known.id };
        throw new ServiceError('AlreadyExistsException', `Stack [${StackName}] already exists`);
      }
      const submitted = submittedInput(world, input, undefined);
      const stack = known ?? state.add(StackName);
      stack.isProtected = input.EnableTerminationProtection ?? false;
      stack.isRollbackDisabled = input.DisableRollback ?? false;
      const onFailure = input.DisableRollback === true ? 'DO_NOTHING' : OnFailure;
      begin(world, stack, token, () => createStack(world, stack, submitted, onFailure));
      return { StackId: stack.id };
    },
    UpdateStack(input: client.UpdateStackCommandInput) {
      const stack = state.stack(input.StackName ?? '');
      if (input.ClientRequestToken !== undefined && stack.tokens.has(input.ClientRequestToken))
        return { StackId: stack.id };
      canBeUpdated(stack);
      const submitted = submittedInput(world, input, stack.input);
      const { changes, scope } = differences(world, stack, submitted, false);
      const isSame =
        changes.length === 0 &&
        isDeepStrictEqual(stack.input?.tags, submitted.tags) &&
        isDeepStrictEqual(stack.outputs, outputsOf(scope));
      if (isSame) refuse('No updates are to be performed.');
      begin(world, stack, input.ClientRequestToken, () =>
        updateStack(world, stack, submitted, input.DisableRollback ?? false),
      );
      return { StackId: stack.id };
    },
    DeleteStack(input: client.DeleteStackCommandInput) {
      const stack = state.find(input.StackName ?? '');
      if (stack === undefined || ['DELETE_COMPLETE', 'DELETE_IN_PROGRESS'].includes(stack.status)) return;
      if (stack.isProtected) refuse(`Stack [${stack.name}] cannot be deleted while TerminationProtection is enabled`);
      const isBusy = stack.status.endsWith('_IN_PROGRESS') && stack.status !== 'REVIEW_IN_PROGRESS';
      if (isBusy) refuse(`Stack [${stack.id}] is in ${stack.status} state and can not be deleted.`);
      const { RetainResources = [] } = input;
      const isForced = input.DeletionMode === 'FORCE_DELETE_STACK';
      if ((RetainResources.length > 0 || isForced) && stack.status !== 'DELETE_FAILED') {
        refuse(
          `Invalid operation on stack [${stack.id}]. Specify which resources to retain only when the stack is in the DELETE_FAILED state.`,
        );
      }
      const stuck = [...stack.resources.values()].filter(({ status }) => status === 'DELETE_FAILED');
      const retained = isForced ? stuck.map(({ logicalId }) => logicalId) : RetainResources;
      for (const set of state.changeSets.values()) if (set.stack === stack) state.changeSets.delete(set.id);
      begin(world, stack, input.ClientRequestToken, () => deleteStack(world, stack, retained));
    },
    UpdateTerminationProtection(input: client.UpdateTerminationProtectionCommandInput) {
      const stack = state.stack(input.StackName ?? '');
      stack.isProtected = input.EnableTerminationProtection ?? false;
      return { StackId: stack.id };
    },
    CancelUpdateStack({ StackName = '' }: client.CancelUpdateStackCommandInput) {
      const stack = state.stack(StackName);
      if (stack.status !== 'UPDATE_IN_PROGRESS') refuse('CancelUpdateStack cannot be called from current stack status');
      stack.operation?.abort.abort(new Error('cancelled'));
    },
    ContinueUpdateRollback(input: client.ContinueUpdateRollbackCommandInput) {
      const stack = state.stack(input.StackName ?? '');
      if (input.ClientRequestToken !== undefined && stack.tokens.has(input.ClientRequestToken)) return;
      if (stack.status !== 'UPDATE_ROLLBACK_FAILED') {
        refuse(`Stack:${stack.id} is in ${stack.status} state and can not continue its rollback.`);
      }
      begin(world, stack, input.ClientRequestToken, () =>
        rollBackUpdate(world, stack, 'User Initiated', input.ResourcesToSkip ?? []),
      );
    },
    RollbackStack(input: client.RollbackStackCommandInput) {
      const stack = state.stack(input.StackName ?? '');
      if (input.ClientRequestToken !== undefined && stack.tokens.has(input.ClientRequestToken))
        return { StackId: stack.id };
      if (!['CREATE_FAILED', 'UPDATE_FAILED'].includes(stack.status)) {
        refuse(`RollbackStack cannot be called from current stack status ${stack.status}`);
      }
      begin(world, stack, input.ClientRequestToken, () =>
        stack.status === 'CREATE_FAILED'
          ? rollBackCreation(world, stack, 'User Initiated')
          : rollBackUpdate(world, stack, 'User Initiated'),
      );
      return { StackId: stack.id };
    },
  };
}
