import type * as client from '@aws-sdk/client-cloudformation';
import type { Operation } from '../../fake-service.js';
import type { FakeWorld } from '../../fake-world.js';
import { pageOf } from '../../page-of.js';
import { ServiceError } from '../../service-error.js';
import { cloudFormationState } from './cloudformation-state.js';
import type { Stack, StackResource } from './stack.js';
import { resourceView, stackView } from './stack-view.js';
import { bodyOf, neededCapabilities } from './submitted-input.js';
import { parseTemplate } from './template.js';

/** What can be asked about stacks. */
export function stackReadOperations(world: FakeWorld): Record<string, Operation> {
  const state = world.state(cloudFormationState);
  const resources = (stack: Stack) => [...stack.resources.values()];
  const oldView = (stack: Stack, resource: StackResource) => {
    const { LastUpdatedTimestamp, ...view } = resourceView(resource);
    return { ...view, StackId: stack.id, StackName: stack.name, Timestamp: LastUpdatedTimestamp };
  };
  return {
    DescribeStacks({ StackName }: client.DescribeStacksCommandInput) {
      const living = [...state.stacks.values()].filter(({ status }) => status !== 'DELETE_COMPLETE');
      const stacks = StackName === undefined ? living : [state.stack(StackName)];
      return { Stacks: stacks.map((stack) => stackView(stack, world)) };
    },
    ListStacks({ StackStatusFilter: filter = [], NextToken }: client.ListStacksCommandInput) {
      const fitting = [...state.stacks.values()].filter(({ status }) => filter.length === 0 || filter.includes(status));
      const { items, next } = pageOf(fitting.reverse(), NextToken, 100);
      const summaries = items.map((stack) => ({
        StackId: stack.id,
        StackName: stack.name,
        CreationTime: stack.createdAt,
        ...(stack.updatedAt !== undefined && { LastUpdatedTime: stack.updatedAt }),
        ...(stack.deletedAt !== undefined && { DeletionTime: stack.deletedAt }),
        StackStatus: stack.status,
        StackStatusReason: stack.statusReason,
      }));
      return { StackSummaries: summaries, NextToken: next };
    },
    DescribeStackEvents({ StackName = '', NextToken }: client.DescribeStackEventsCommandInput) {
      const { items, next } = pageOf(state.stack(StackName).events, NextToken, 100);
      return { StackEvents: items, NextToken: next };
    },
    DescribeEvents: () => ({ OperationEvents: [] }),
    DescribeStackResources({ StackName = '', PhysicalResourceId }: client.DescribeStackResourcesCommandInput) {
      const all = [...state.stacks.values()].filter(({ status }) => status !== 'DELETE_COMPLETE');
      const owner = all.find((stack) => resources(stack).some(({ physicalId }) => physicalId === PhysicalResourceId));
      const stack =
        PhysicalResourceId === undefined ? state.stack(StackName) : (owner ?? state.stack(PhysicalResourceId));
      return { StackResources: resources(stack).map((resource) => oldView(stack, resource)) };
    },
    DescribeStackResource({ StackName = '', LogicalResourceId = '' }: client.DescribeStackResourceCommandInput) {
      const stack = state.stack(StackName);
      const resource = stack.resources.get(LogicalResourceId);
      if (resource === undefined) {
        throw new ServiceError(
          'ValidationError',
          `Resource ${LogicalResourceId} does not exist for stack ${stack.name}`,
        );
      }
      const view = { ...resourceView(resource), StackId: stack.id, StackName: stack.name };
      return { StackResourceDetail: { ...view, Metadata: JSON.stringify(resource.definition.Metadata ?? {}) } };
    },
    ListStackResources({ StackName = '', NextToken }: client.ListStackResourcesCommandInput) {
      const { items, next } = pageOf(resources(state.stack(StackName)), NextToken, 100);
      return { StackResourceSummaries: items.map(resourceView), NextToken: next };
    },
    GetTemplate({ StackName, ChangeSetName }: client.GetTemplateCommandInput) {
      const changeSet = ChangeSetName === undefined ? undefined : state.changeSets.get(ChangeSetName);
      const input = changeSet?.input ?? state.stack(StackName ?? '').input;
      // Without transforms, what is processed is what was submitted. A stack in review has none yet.
      return { TemplateBody: input?.body ?? '{}', StagesAvailable: ['Original', 'Processed'] };
    },
    GetTemplateSummary(input: client.GetTemplateSummaryCommandInput) {
      const body = bodyOf(world, input) ?? state.stack(input.StackName ?? '').input?.body ?? '';
      const template = parseTemplate(body);
      return {
        Description: template.Description,
        Capabilities: neededCapabilities(template),
        ResourceTypes: Object.values(template.Resources).map(({ Type }) => Type),
        Parameters: Object.entries(template.Parameters).map(([ParameterKey, { Type, Default, Description }]) => ({
          ParameterKey,
          ParameterType: Type,
          ...(Default !== undefined && { DefaultValue: String(Default) }),
          Description,
        })),
        DeclaredTransforms: [],
      };
    },
    ListExports: () => ({
      Exports: [...state.stacks.values()].flatMap((stack) =>
        stack.outputs.flatMap(({ ExportName, OutputValue }) =>
          ExportName === undefined ? [] : [{ ExportingStackId: stack.id, Name: ExportName, Value: OutputValue }],
        ),
      ),
    }),
    ListImports({ ExportName = '' }: client.ListImportsCommandInput) {
      const importers = state.importers(ExportName);
      if (importers.length > 0) return { Imports: importers };
      throw new ServiceError('ValidationError', `Export '${ExportName}' is not imported by any stack.`);
    },
  };
}
