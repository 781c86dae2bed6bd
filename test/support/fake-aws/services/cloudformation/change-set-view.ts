import type { ChangeSet } from './change-set.js';
import { parametersView } from './stack-view.js';

/** A change set as it is described, without its changes. */
export function changeSetView(changeSet: ChangeSet) {
  const { stack, input } = changeSet;
  return {
    ChangeSetName: changeSet.name,
    ChangeSetId: changeSet.id,
    StackId: stack.id,
    StackName: stack.name,
    Description: changeSet.description,
    CreationTime: changeSet.createdAt,
    ExecutionStatus: changeSet.executionStatus,
    Status: changeSet.status,
    StatusReason: changeSet.statusReason,
    NotificationARNs: [],
    Parameters: parametersView(input),
    Capabilities: [...input.capabilities] as 'CAPABILITY_IAM'[],
    Tags: [...input.tags],
    OnStackFailure: changeSet.onFailure,
    IncludeNestedStacks: false,
  };
}
