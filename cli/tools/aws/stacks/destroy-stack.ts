import { AgentctlError } from '../../../errors.js';
import type { AwsClients } from '../clients/aws-clients.js';
import { liftProtection } from './lift-protection.js';
import { readStack } from './read-stack.js';
import { settleStack } from './settle-stack.js';
import { stackFailed } from './stack-failure.js';
import { stackCondition } from './stack-status.js';
import type { DestroyStackOptions, StackRun, StackState } from './stack-tools.js';
import { unprotectStack } from './unprotect-stack.js';

/** Deletes a stack and waits; see StackTools. */
export async function destroyStack(
  clients: AwsClients,
  { stack, unprotect = false, ...run }: DestroyStackOptions,
  pollSeconds: number,
): Promise<{ readonly kept: readonly string[] }> {
  const cloudFormation = await clients.cloudFormation();
  const { signal: abortSignal } = run;
  const found = await readStack(clients, stack, abortSignal);
  if (found === undefined) return { kept: [] };
  if (stackCondition(found.status) === 'busy' && found.status !== 'DELETE_IN_PROGRESS') {
    run.log(`stack ${stack} is ${found.status}: waiting until CloudFormation is done with it`);
    await settleStack(clients, found.id, run, pollSeconds);
  }
  if (found.isProtected) {
    if (!unprotect) throw protectedStack(stack);
    await cloudFormation.updateTerminationProtection(
      { StackName: stack, EnableTerminationProtection: false },
      { abortSignal },
    );
  }
  const now = await readStack(clients, found.id, abortSignal);
  if (now !== undefined && unprotect) await letGo(clients, now, run, pollSeconds);
  if (found.status !== 'DELETE_IN_PROGRESS') {
    await cloudFormation.deleteStack({ StackName: found.id }, { abortSignal });
  }
  const { state, failures, kept } = await settleStack(clients, found.id, run, pollSeconds);
  if (state !== undefined) throw stackFailed(stack, state, failures, []);
  return { kept };
}

/** A stack whose creation or deletion failed takes no update any more: what keeps its resources is taken off them one by one. */
async function letGo(clients: AwsClients, stack: StackState, run: StackRun, pollSeconds: number): Promise<void> {
  const condition = stackCondition(stack.status);
  if (condition === 'done' || condition === 'rolled-back') await unprotectStack(clients, stack, run, pollSeconds);
  if (condition === 'delete-failed' || condition === 'never-created')
    await liftProtection(clients, stack, run, pollSeconds);
}

function protectedStack(stack: string): AgentctlError {
  return new AgentctlError('Refused', `stack ${stack} is protected from termination`, {
    fix: 'destroy it with its data: agentctl destroy --delete-data',
  });
}
