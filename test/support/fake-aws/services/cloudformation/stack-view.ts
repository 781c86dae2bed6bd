import type * as client from '@aws-sdk/client-cloudformation';
import type { FakeWorld } from '../../fake-world.js';
import { ssmState } from '../ssm/ssm-state.js';
import type { Stack, StackInput, StackResource } from './stack.js';

/** A stack as it is described. */
export function stackView(stack: Stack, world: FakeWorld): client.Stack {
  const { input } = stack;
  return {
    StackId: stack.id,
    StackName: stack.name,
    Description: input?.template.Description,
    CreationTime: stack.createdAt,
    ...(stack.updatedAt !== undefined && { LastUpdatedTime: stack.updatedAt }),
    ...(stack.deletedAt !== undefined && { DeletionTime: stack.deletedAt }),
    StackStatus: stack.status,
    StackStatusReason: stack.statusReason,
    EnableTerminationProtection: stack.isProtected,
    DisableRollback: stack.isRollbackDisabled,
    Capabilities: [...(input?.capabilities ?? [])] as client.Capability[],
    NotificationARNs: [],
    RollbackConfiguration: {},
    DriftInformation: { StackDriftStatus: 'NOT_CHECKED' },
    Tags: [...(input?.tags ?? [])],
    Outputs: [...stack.outputs],
    Parameters: input === undefined ? [] : parametersView(input, world),
  };
}

/** Parameters as they are described: what is not to be echoed is not. */
export function parametersView({ template, parameters }: StackInput, world?: FakeWorld): client.Parameter[] {
  return Object.entries(parameters).map(([key, value]) => {
    const definition = template.Parameters[key];
    const isHidden = String(definition?.NoEcho ?? false) === 'true';
    const isSsm = definition?.Type.startsWith('AWS::SSM::Parameter::Value') === true;
    const resolved = isSsm ? world?.state(ssmState).get(value)?.value : undefined;
    return {
      ParameterKey: key,
      ParameterValue: isHidden ? '****' : value,
      ...(resolved !== undefined && { ResolvedValue: resolved }),
    };
  });
}

/** A resource of a stack as it is listed. */
export function resourceView({ logicalId, physicalId, type, status, reason, changedAt }: StackResource) {
  return {
    LogicalResourceId: logicalId,
    PhysicalResourceId: physicalId,
    ResourceType: type,
    ResourceStatus: status as client.ResourceStatus,
    ResourceStatusReason: reason,
    LastUpdatedTimestamp: changedAt,
    DriftInformation: { StackResourceDriftStatus: 'NOT_CHECKED' as const },
  };
}
