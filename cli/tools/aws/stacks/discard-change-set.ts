import type { AwsClients } from '../clients/aws-clients.js';

/** Of every change set of ours; the toolkit removes one of that name before it makes the next. */
export const changeSetName = 'agentctl';

/** Nobody waits longer for what is only tidy. */
const withinSeconds = 10;

/** Removes a change set that nobody will run, as far as that is possible: the error that it is left for says more. */
export async function discardChangeSet(clients: AwsClients, stack: string): Promise<void> {
  const abortSignal = AbortSignal.timeout(withinSeconds * 1000);
  const cloudFormation = await clients.cloudFormation();
  await cloudFormation
    .deleteChangeSet({ StackName: stack, ChangeSetName: changeSetName }, { abortSignal })
    .catch(() => undefined);
}
