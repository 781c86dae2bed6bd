import type { StackEvent } from '@aws-sdk/client-cloudformation';
import type { AwsClients } from '../clients/aws-clients.js';

/** Why a resource did not become what it should. */
export interface ResourceFailure {
  readonly logicalId: string;
  readonly type: string;
  readonly physicalId: string;
  readonly reason: string;
}

/** Of resources that were stopped because another one failed. */
const cancelled = /resource (creation|update|deletion) cancelled/i;

/** Pure: one line about a resource, `AWS::ECS::Service ServiceApi: UPDATE_COMPLETE`. */
export function eventLine(
  event: StackEvent,
  progress?: { readonly completed: number; readonly total?: number },
): string {
  const { LogicalResourceId: id = '', ResourceType: type = '', ResourceStatus: status = '' } = event;
  const count =
    progress?.total === undefined ? '' : `${Math.min(progress.completed, progress.total)}/${progress.total} `;
  const reason = isFailed(event) && event.ResourceStatusReason !== undefined ? `: ${event.ResourceStatusReason}` : '';
  return `${count}${type} ${id}: ${status}${reason}`;
}

/** Pure: whether an event is of a resource, and not of the stack itself. */
export function isOfResource(event: StackEvent): boolean {
  return event.PhysicalResourceId !== event.StackId;
}

/** Pure: the failure an event tells of; undefined for none, and for one that only followed from another. */
export function failureIn(event: StackEvent): ResourceFailure | undefined {
  const { ResourceStatusReason: reason = '' } = event;
  if (!isFailed(event) || !isOfResource(event) || cancelled.test(reason)) return undefined;
  return {
    logicalId: event.LogicalResourceId ?? '',
    type: event.ResourceType ?? '',
    physicalId: event.PhysicalResourceId ?? '',
    reason,
  };
}

function isFailed({ ResourceStatus: status }: StackEvent): boolean {
  return status?.endsWith('_FAILED') ?? false;
}

/** Follows what happens to a stack, from the beginning of the operation that goes on. */
export interface StackFollower {
  /** Logs what is new. */
  next(abortSignal: AbortSignal): Promise<void>;
  /** In the order they happened. */
  readonly failures: readonly ResourceFailure[];
  /** Physical ids of resources that a deletion left. */
  readonly kept: readonly string[];
}

/** Pages of events that are read back at most: an operation has few hundred. */
const mostPages = 10;

/** Follows a stack by its id. `onFailure`: as soon as it is seen. */
export function followStack(
  clients: AwsClients,
  stackId: string,
  log: (line: string) => void,
  onFailure?: (failure: ResourceFailure) => void,
): StackFollower {
  const seen = new Set<string>();
  const failures: ResourceFailure[] = [];
  const kept: string[] = [];
  return {
    failures,
    kept,
    async next(abortSignal) {
      for (const event of await newEvents(clients, stackId, seen, abortSignal)) {
        seen.add(event.EventId ?? '');
        const failure = failureIn(event);
        if (failure !== undefined) {
          failures.push(failure);
          onFailure?.(failure);
        }
        if (event.ResourceStatus === 'DELETE_SKIPPED') kept.push(event.PhysicalResourceId ?? '');
        if (isOfResource(event)) log(eventLine(event));
      }
    },
  };
}

/** Oldest first: those since the newest that was seen, or since the operation began. */
async function newEvents(
  clients: AwsClients,
  stackId: string,
  seen: ReadonlySet<string>,
  abortSignal: AbortSignal,
): Promise<readonly StackEvent[]> {
  const cloudFormation = await clients.cloudFormation();
  const found: StackEvent[] = [];
  let NextToken: string | undefined;
  for (let page = 1; page <= mostPages; page++) {
    const answer = await cloudFormation.describeStackEvents({ StackName: stackId, NextToken }, { abortSignal });
    for (const event of answer.StackEvents ?? []) {
      if (seen.has(event.EventId ?? '')) return found.toReversed();
      found.push(event);
      if (isBeginning(event)) return found.toReversed();
    }
    NextToken = answer.NextToken;
    if (NextToken === undefined) break;
  }
  return found.toReversed();
}

/** A rollback belongs to the operation it rolls back. */
function isBeginning(event: StackEvent): boolean {
  return (
    !isOfResource(event) &&
    ['CREATE_IN_PROGRESS', 'UPDATE_IN_PROGRESS', 'DELETE_IN_PROGRESS'].includes(event.ResourceStatus ?? '')
  );
}
