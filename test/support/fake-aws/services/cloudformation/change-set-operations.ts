import type * as client from '@aws-sdk/client-cloudformation';
import { isDeepStrictEqual } from 'node:util';
import type { Operation } from '../../fake-service.js';
import type { FakeWorld } from '../../fake-world.js';
import { pageOf } from '../../page-of.js';
import { ServiceError } from '../../service-error.js';
import { begin } from './begin.js';
import type { ChangeSet } from './change-set.js';
import { changeSetView } from './change-set-view.js';
import { cloudFormationState } from './cloudformation-state.js';
import { differences } from './differences.js';
import type { Stack, StackInput } from './stack.js';
import { createStack, updateStack } from './stack-operations.js';
import { outputsOf } from './stack-outputs.js';
import { canBeUpdated } from './stack-status.js';
import { submittedInput } from './submitted-input.js';

const noChanges =
  "The submitted information didn't contain changes. Submit different information to create a change set.";

/** Change sets: what would change, and to change it. */
export function changeSetOperations(world: FakeWorld): Record<string, Operation> {
  const state = world.state(cloudFormationState);
  const find = (name: string, stackName: string | undefined): ChangeSet | undefined =>
    state.changeSets.get(name) ??
    [...state.changeSets.values()].find((set) => set.name === name && set.stack === state.find(stackName ?? ''));
  const found = (name = '', stackName?: string): ChangeSet => {
    const changeSet = find(name, stackName);
    if (changeSet !== undefined) return changeSet;
    throw new ServiceError('ChangeSetNotFound', `ChangeSet [${name}] does not exist`, { status: 404 });
  };

  const stackFor = (name: string, type: 'CREATE' | 'UPDATE'): Stack => {
    const stack = state.find(name);
    if (type === 'CREATE') {
      if (stack === undefined || stack.status === 'REVIEW_IN_PROGRESS') return stack ?? reviewed(name);
      const message = `Stack [${stack.name}] already exists and cannot be created again with the changeSet.`;
      throw new ServiceError('ValidationError', message);
    }
    if (stack === undefined || stack.status === 'REVIEW_IN_PROGRESS') {
      throw new ServiceError('ValidationError', `Stack [${name}] does not exist`);
    }
    canBeUpdated(stack);
    return stack;
  };
  const reviewed = (name: string): Stack => {
    const stack = state.add(name);
    state.setStatus(stack, 'REVIEW_IN_PROGRESS', 'User Initiated');
    return stack;
  };

  return {
    CreateChangeSet(input: client.CreateChangeSetCommandInput) {
      const { StackName = '', ChangeSetName = '', ChangeSetType = 'UPDATE' } = input;
      if (ChangeSetType === 'IMPORT') throw new Error('change sets of type IMPORT: the fake has none');
      const known = find(ChangeSetName, StackName);
      if (known !== undefined) {
        throw new ServiceError(
          'AlreadyExistsException',
          `ChangeSet ${ChangeSetName} cannot be created: it already exists`,
        );
      }
      const submitted = submittedInput(world, input, state.find(StackName)?.input);
      const stack = stackFor(StackName, ChangeSetType);
      const found = attempt(world, stack, submitted);
      const changeSet: ChangeSet = {
        id: world.arn(
          'cloudformation',
          `changeSet/${ChangeSetName}/${world.newId(8)}-0000-11f0-8000-${world.newId(12)}`,
        ),
        name: ChangeSetName,
        type: ChangeSetType,
        description: input.Description,
        stack,
        input: submitted,
        changes: 'changes' in found ? found.changes : [],
        onFailure: input.OnStackFailure,
        createdAt: new Date(),
        status: 'changes' in found ? 'CREATE_COMPLETE' : 'FAILED',
        statusReason: 'changes' in found ? undefined : found.problem,
        executionStatus: 'changes' in found ? 'AVAILABLE' : 'UNAVAILABLE',
      };
      state.changeSets.set(changeSet.id, changeSet);
      return { Id: changeSet.id, StackId: stack.id };
    },
    DescribeChangeSet(input: client.DescribeChangeSetCommandInput) {
      const changeSet = found(input.ChangeSetName, input.StackName);
      const { items, next } = pageOf(changeSet.changes, input.NextToken, 100);
      const changes = input.IncludePropertyValues === true ? items : items.map(withoutValues);
      return { ...changeSetView(changeSet), Changes: changes, NextToken: next };
    },
    ListChangeSets({ StackName = '' }: client.ListChangeSetsCommandInput) {
      const stack = state.stack(StackName);
      const all = [...state.changeSets.values()].filter((changeSet) => changeSet.stack === stack);
      return {
        Summaries: all.map((changeSet) => {
          const {
            Parameters: _,
            Tags: _tags,
            Capabilities: _capabilities,
            NotificationARNs: _arns,
            OnStackFailure: _on,
            ...summary
          } = changeSetView(changeSet);
          return summary;
        }),
      };
    },
    DeleteChangeSet({ ChangeSetName = '', StackName }: client.DeleteChangeSetCommandInput) {
      const changeSet = find(ChangeSetName, StackName);
      if (changeSet !== undefined) state.changeSets.delete(changeSet.id);
    },
    ExecuteChangeSet(input: client.ExecuteChangeSetCommandInput) {
      const token = input.ClientRequestToken;
      const stackOf = state.find(input.StackName ?? '');
      if (token !== undefined && stackOf?.tokens.has(token) === true) return;
      const changeSet = found(input.ChangeSetName, input.StackName);
      const { stack } = changeSet;
      if (changeSet.executionStatus !== 'AVAILABLE') {
        const message = `ChangeSet [${changeSet.id}] cannot be executed in its current status of [${changeSet.status}]`;
        throw new ServiceError('InvalidChangeSetStatus', message);
      }
      const isCreation = changeSet.type === 'CREATE';
      if (!isCreation) canBeUpdated(stack);
      // The others were made for a stack that is no longer so.
      for (const other of state.changeSets.values()) if (other.stack === stack) state.changeSets.delete(other.id);
      const isKept = input.DisableRollback === true || changeSet.onFailure === 'DO_NOTHING';
      stack.isRollbackDisabled = isKept;
      begin(world, stack, token, () =>
        isCreation
          ? createStack(world, stack, changeSet.input, isKept ? 'DO_NOTHING' : (changeSet.onFailure ?? 'ROLLBACK'))
          : updateStack(world, stack, changeSet.input, isKept),
      );
    },
  };
}

/** What changes, or why the change set is no good. */
function attempt(
  world: FakeWorld,
  stack: Stack,
  input: StackInput,
): { readonly changes: readonly client.Change[] } | { readonly problem: string } {
  try {
    const { changes, scope } = differences(world, stack, input, true);
    const isSame =
      stack.input !== undefined &&
      changes.length === 0 &&
      isDeepStrictEqual(stack.input.tags, input.tags) &&
      isDeepStrictEqual(stack.outputs, outputsOf(scope));
    return isSame ? { problem: noChanges } : { changes };
  } catch (error) {
    return { problem: error instanceof Error ? error.message : String(error) };
  }
}

function withoutValues(change: client.Change): client.Change {
  const { BeforeContext: _before, AfterContext: _after, Details = [], ...rest } = change.ResourceChange ?? {};
  const details = Details.map((detail) => {
    const {
      BeforeValue: _,
      AfterValue: _after,
      Path: _path,
      AttributeChangeType: _type,
      ...target
    } = detail.Target ?? {};
    return { ...detail, Target: target };
  });
  return { ...change, ResourceChange: { ...rest, Details: details } };
}
