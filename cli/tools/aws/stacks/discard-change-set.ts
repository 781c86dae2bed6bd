import type { AwsClients } from '../clients/aws-clients.js';
import { readStack } from './read-stack.js';
import { stackCondition } from './stack-status.js';

/** Of every change set of ours; the toolkit removes one of that name before it makes the next. */
export const changeSetName = 'agentctl';

/** Nobody waits longer for what is only tidy. */
const withinSeconds = 10;

/**
 * Removes a change set that nobody will run, and the empty stack that was made to hold it where there was none before, as far
 * as that is possible: the error that it is left for says more.
 */
export async function discardChangeSet(clients: AwsClients, stack: string): Promise<void> {
  const abortSignal = AbortSignal.timeout(withinSeconds * 1000);
  const cloudFormation = await clients.cloudFormation();
  try {
    await cloudFormation.deleteChangeSet({ StackName: stack, ChangeSetName: changeSetName }, { abortSignal });
    const state = await readStack(clients, stack, abortSignal);
    if (state === undefined || stackCondition(state.status) !== 'in-review') return;
    const protection = { StackName: state.name, EnableTerminationProtection: false };
    if (state.isProtected) await cloudFormation.updateTerminationProtection(protection, { abortSignal });
    await cloudFormation.deleteStack({ StackName: state.id }, { abortSignal });
  } catch {
    // The next deploy removes both (repairStack).
  }
}
