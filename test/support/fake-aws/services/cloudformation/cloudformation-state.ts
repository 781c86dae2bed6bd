import type { Output, ResourceStatus, StackStatus } from '@aws-sdk/client-cloudformation';
import type { FakeWorld } from '../../fake-world.js';
import { ServiceError } from '../../service-error.js';
import type { ChangeSet } from './change-set.js';
import type { Stack, StackResource } from './stack.js';

/** Stacks and change sets of one fake. */
export interface CloudFormationState {
  /** By id, oldest first; deleted ones stay. */
  readonly stacks: Map<string, Stack>;
  readonly changeSets: Map<string, ChangeSet>;
  readonly add: (name: string) => Stack;
  /** By name or id; a deleted one by id only. */
  readonly find: (nameOrId: string) => Stack | undefined;
  /** Throws what CloudFormation says of a stack that does not exist. */
  readonly stack: (nameOrId: string) => Stack;
  readonly exported: (name: string) => { readonly stack: Stack; readonly output: Output } | undefined;
  /** Names of the stacks that import it. */
  readonly importers: (exportName: string) => string[];
  readonly setStatus: (stack: Stack, status: StackStatus, reason?: string) => void;
  readonly addEvent: (
    stack: Stack,
    resource: Pick<StackResource, 'logicalId' | 'type' | 'physicalId' | 'properties'>,
    status: ResourceStatus,
    reason?: string,
  ) => void;
}

export function cloudFormationState(world: FakeWorld): CloudFormationState {
  const stacks = new Map<string, Stack>();
  const living = (): Stack[] => [...stacks.values()].filter(({ status }) => status !== 'DELETE_COMPLETE');
  const addEvent: CloudFormationState['addEvent'] = (stack, resource, status, reason) => {
    stack.events.unshift({
      EventId: `${resource.logicalId}-${world.newId(16)}`,
      StackId: stack.id,
      StackName: stack.name,
      LogicalResourceId: resource.logicalId,
      PhysicalResourceId: resource.physicalId,
      ResourceType: resource.type,
      ResourceProperties: JSON.stringify(resource.properties),
      Timestamp: new Date(),
      ResourceStatus: status,
      ...(reason !== undefined && { ResourceStatusReason: reason }),
      ...(stack.operation?.token !== undefined && { ClientRequestToken: stack.operation.token }),
    });
  };
  const find = (nameOrId: string): Stack | undefined =>
    stacks.get(nameOrId) ?? living().findLast(({ name }) => name === nameOrId);
  return {
    stacks,
    changeSets: new Map(),
    find,
    addEvent,
    add(name) {
      const stack: Stack = {
        id: world.arn('cloudformation', `stack/${name}/${world.newId(8)}-0000-11f0-8000-${world.newId(12)}`),
        name,
        createdAt: new Date(),
        status: 'REVIEW_IN_PROGRESS',
        statusReason: undefined,
        updatedAt: undefined,
        deletedAt: undefined,
        input: undefined,
        resources: new Map(),
        outputs: [],
        imports: new Set(),
        isProtected: false,
        isRollbackDisabled: false,
        events: [],
        snapshot: undefined,
        cleanup: [],
        operation: undefined,
        tokens: new Set(),
      };
      stacks.set(stack.id, stack);
      return stack;
    },
    stack(nameOrId) {
      const stack = find(nameOrId);
      if (stack !== undefined) return stack;
      throw new ServiceError('ValidationError', `Stack with id ${nameOrId} does not exist`);
    },
    exported(name) {
      for (const stack of living()) {
        const output = stack.outputs.find(({ ExportName }) => ExportName === name);
        if (output !== undefined) return { stack, output };
      }
      return undefined;
    },
    importers: (name) => living().flatMap((stack) => (stack.imports.has(name) ? [stack.name] : [])),
    setStatus(stack, status, reason) {
      stack.status = status;
      stack.statusReason = reason;
      const self = { logicalId: stack.name, type: 'AWS::CloudFormation::Stack', physicalId: stack.id, properties: {} };
      addEvent(stack, self, status as ResourceStatus, reason);
    },
  };
}
