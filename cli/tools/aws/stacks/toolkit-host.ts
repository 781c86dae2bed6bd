import type { TemplateDiff } from '@aws-cdk/cloudformation-diff';
import type { DeployConfirmationRequest, IIoHost, IoMessage, IoRequest, StackActivity } from '@aws-cdk/toolkit-lib';
import { eventLine, failureIn, isOfResource, type ResourceFailure } from './stack-events.js';
import type { StackRun } from './stack-tools.js';

/** What the toolkit is told, and what it has said. */
export interface ToolkitHost extends IIoHost {
  /** Resources that failed, in the order they did. */
  readonly failures: readonly ResourceFailure[];
  /** What the toolkit found out about failures, as it says it. */
  readonly diagnosis: readonly string[];
}

/**
 * These come out of timers and loggers of the toolkit, where nobody would catch what is thrown. Every other message is one
 * that the deploy waits for, so that throwing ends it there: the toolkit has no other way to be stopped.
 */
const notWaitedFor = /^CDK_(TOOLKIT_(I5502|I5503|E5500)|SDK_I0100|ASSETS_)/;

/** `decide` is asked about every template before its change set runs; false: leave it. `onFailure`: at once, while it goes on. */
export function toolkitHost(
  { signal, log }: StackRun,
  decide: (diff: TemplateDiff) => boolean,
  onFailure: (failure: ResourceFailure) => void,
): ToolkitHost {
  const failures: ResourceFailure[] = [];
  const diagnosis: string[] = [];
  const said = new Set<string>();

  const onActivity = ({ event, progress }: StackActivity): void => {
    const failure = failureIn(event);
    if (failure !== undefined) {
      failures.push(failure);
      onFailure(failure);
    }
    if (!isOfResource(event)) return;
    // A resource is IN_PROGRESS once when it begins and again when it has an id.
    const key = `${event.LogicalResourceId} ${event.ResourceStatus} ${failure?.reason ?? ''}`;
    if (said.has(key) && event.ResourceStatus?.endsWith('_IN_PROGRESS') === true) return;
    said.add(key);
    log(eventLine(event, progress));
  };

  return {
    failures,
    diagnosis,
    notify(message: IoMessage<unknown>) {
      if (message.code === 'CDK_TOOLKIT_I5502' && isActivity(message.data)) onActivity(message.data);
      if (message.code === 'CDK_TOOLKIT_E9500') diagnosis.push(message.message);
      if (signal.aborted && !notWaitedFor.test(message.code ?? '')) return Promise.reject(abortReason(signal));
      return Promise.resolve();
    },
    requestResponse<T>(request: IoRequest<unknown, T>): Promise<T> {
      if (signal.aborted) return Promise.reject(abortReason(signal));
      if (request.code !== 'CDK_TOOLKIT_I5060' || !isConfirmation(request.data)) {
        return Promise.resolve(request.defaultResponse);
      }
      const isAllowed = Object.values(request.data.templateDiffs).every((diff) => decide(diff));
      return Promise.resolve(isAllowed ? request.defaultResponse : declined(request));
    },
  };
}

/** The answer to a yes-or-no question. */
function declined<T>(_request: IoRequest<unknown, T>): T {
  // The type of an answer is a parameter that the toolkit alone chooses; for this code it is boolean.
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion
  return false as T;
}

function abortReason(signal: AbortSignal): Error {
  return signal.reason instanceof Error ? signal.reason : new Error('aborted');
}

function isActivity(data: unknown): data is StackActivity {
  return typeof data === 'object' && data !== null && 'event' in data && 'progress' in data;
}

function isConfirmation(data: unknown): data is DeployConfirmationRequest {
  return typeof data === 'object' && data !== null && 'templateDiffs' in data;
}
