import { AgentctlError } from '../../../errors.js';
import type { AwsClients } from '../clients/aws-clients.js';
import { pollUntil } from '../../poll-until.js';
import { readStack } from './read-stack.js';
import { followStack, type ResourceFailure } from './stack-events.js';
import { stackCondition } from './stack-status.js';
import type { StackRun, StackState } from './stack-tools.js';

/** What CloudFormation did until it was done with a stack. */
export interface SettledStack {
  /** Undefined: it is gone, or never was. */
  readonly state: StackState | undefined;
  readonly failures: readonly ResourceFailure[];
  readonly kept: readonly string[];
}

/**
 * Waits until CloudFormation does nothing with a stack any more, however that ends. `stack`: by id, one that goes away is
 * followed to its end.
 *
 * @throws Interrupted, saying that CloudFormation goes on
 */
export async function settleStack(
  clients: AwsClients,
  stack: string,
  { signal, log }: StackRun,
  pollSeconds: number,
  onFailure?: (failure: ResourceFailure) => void,
): Promise<SettledStack> {
  const first = await readStack(clients, stack, signal);
  if (first === undefined) return { state: undefined, failures: [], kept: [] };
  const follower = followStack(clients, first.id, log, onFailure);
  let last: StackState = first;
  try {
    const state = await pollUntil(
      async () => {
        const now = await readStack(clients, first.id, signal);
        if (now === undefined) return { gone: true as const };
        last = now;
        await follower.next(signal);
        return stackCondition(now.status) === 'busy' ? undefined : now;
      },
      { pollSeconds, signal },
    );
    const isGone = 'gone' in state || stackCondition(state.status) === 'deleted';
    return { state: isGone ? undefined : state, failures: follower.failures, kept: follower.kept };
  } catch (error) {
    if (!signal.aborted) throw error;
    throw leftRunning(last, error);
  }
}

/** Pure: the wait for a stack was interrupted, as an error. */
export function leftRunning({ name, status }: StackState, cause: unknown): AgentctlError {
  const isBusy = stackCondition(status) === 'busy';
  return new AgentctlError(
    'Interrupted',
    isBusy
      ? `interrupted; CloudFormation goes on with stack ${name} (${status})`
      : `interrupted; nothing goes on with stack ${name} (${status})`,
    { fix: 'go on where it is: agentctl resume', data: { stack: name, status }, cause },
  );
}
