import type { Stack } from '@aws-sdk/client-cloudformation';
import { parse } from 'yaml';
import { messageOf } from '../../../errors.js';
import type { AwsClients } from '../clients/aws-clients.js';
import { awsErrorName } from '../clients/aws-failure.js';
import { allPages } from '../clients/pages.js';
import type { StackState } from './stack-tools.js';

/** A resource of a stack. */
export interface StackResource {
  readonly logicalId: string;
  readonly type: string;
  readonly physicalId: string;
  readonly status: string;
  readonly reason: string | null;
}

/** A stack by name or id; by id also one that is deleted. Undefined: there is none. */
export async function readStack(
  clients: AwsClients,
  stack: string,
  abortSignal: AbortSignal,
): Promise<StackState | undefined> {
  const cloudFormation = await clients.cloudFormation();
  try {
    const { Stacks: [found] = [] } = await cloudFormation.describeStacks({ StackName: stack }, { abortSignal });
    return found === undefined ? undefined : stackState(found);
  } catch (error) {
    if (isNoStack(error)) return undefined;
    throw error;
  }
}

/** Whether an error says that there is no such stack. CloudFormation has no code of its own for that. */
export function isNoStack(error: unknown): boolean {
  return awsErrorName(error) === 'ValidationError' && /does not exist/.test(messageOf(error));
}

/** The template a stack was last deployed with, parsed; undefined without a stack. */
export async function readTemplate(clients: AwsClients, stack: string, abortSignal: AbortSignal): Promise<unknown> {
  const cloudFormation = await clients.cloudFormation();
  try {
    const { TemplateBody } = await cloudFormation.getTemplate(
      { StackName: stack, TemplateStage: 'Original' },
      { abortSignal },
    );
    return TemplateBody === undefined || TemplateBody === '' ? undefined : parsed(TemplateBody);
  } catch (error) {
    if (isNoStack(error)) return undefined;
    throw error;
  }
}

/** The toolkit sends small templates as YAML. What cannot be read is compared as having nothing in common with ours. */
function parsed(text: string): unknown {
  try {
    // Large ones are as they were synthesized; the parser of YAML takes a second for such a text.
    return text.startsWith('{') ? JSON.parse(text) : parse(text, { schema: 'core', logLevel: 'silent' });
  } catch {
    return {};
  }
}

/** The resources of a stack; none without one. */
export async function readResources(
  clients: AwsClients,
  stack: string,
  abortSignal: AbortSignal,
): Promise<readonly StackResource[]> {
  const cloudFormation = await clients.cloudFormation();
  try {
    return await allPages(async (NextToken) => {
      const page = await cloudFormation.listStackResources({ StackName: stack, NextToken }, { abortSignal });
      const items = (page.StackResourceSummaries ?? []).map((resource) => ({
        logicalId: resource.LogicalResourceId ?? '',
        type: resource.ResourceType ?? '',
        physicalId: resource.PhysicalResourceId ?? '',
        status: resource.ResourceStatus ?? '',
        reason: resource.ResourceStatusReason ?? null,
      }));
      return { items, next: page.NextToken };
    });
  } catch (error) {
    if (isNoStack(error)) return [];
    throw error;
  }
}

function stackState(stack: Stack): StackState {
  const { LastUpdatedTime, CreationTime, DeletionTime } = stack;
  return {
    name: stack.StackName ?? '',
    id: stack.StackId ?? '',
    status: stack.StackStatus ?? '',
    reason: stack.StackStatusReason ?? null,
    outputs: Object.fromEntries(
      (stack.Outputs ?? []).map((output) => [output.OutputKey ?? '', output.OutputValue ?? '']),
    ),
    parameters: Object.fromEntries(
      (stack.Parameters ?? []).map((parameter) => [parameter.ParameterKey ?? '', parameter.ParameterValue ?? '']),
    ),
    tags: Object.fromEntries((stack.Tags ?? []).map((tag) => [tag.Key ?? '', tag.Value ?? ''])),
    changedAt: (DeletionTime ?? LastUpdatedTime ?? CreationTime ?? new Date(0)).toISOString(),
    isProtected: stack.EnableTerminationProtection ?? false,
  };
}
