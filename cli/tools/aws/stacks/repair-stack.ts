import { randomUUID } from 'node:crypto';
import { AgentctlError } from '../../../errors.js';
import type { AwsClients } from '../clients/aws-clients.js';
import { liftProtection } from './lift-protection.js';
import { readResources, readStack } from './read-stack.js';
import { settleStack } from './settle-stack.js';
import { stackFailed } from './stack-failure.js';
import { stackCondition } from './stack-status.js';
import type { StackRun, StackState } from './stack-tools.js';

/** Every pass ends one operation; a stack that needs more than these goes round in circles. */
const mostPasses = 6;

/** Brings a stack to where it can be deployed; see StackTools. */
export async function repairStack(
  clients: AwsClients,
  stack: string,
  run: StackRun,
  pollSeconds: number,
): Promise<StackState | undefined> {
  const cloudFormation = await clients.cloudFormation();
  const { signal: abortSignal, log } = run;
  for (let pass = 1; ; pass++) {
    const state = await readStack(clients, stack, abortSignal);
    if (state === undefined) return undefined;
    const condition = stackCondition(state.status);
    if (condition === 'done' || condition === 'rolled-back') return state;
    if (condition === 'deleted') return undefined;
    if (pass > mostPasses) throw stackFailed(stack, state, [], []);
    switch (condition) {
      case 'busy':
        log(`stack ${stack} is ${state.status}: waiting until CloudFormation is done with it`);
        await settleStack(clients, state.id, run, pollSeconds);
        break;
      case 'in-review':
      case 'never-created':
        log(`stack ${stack} is ${state.status}: it was never up, and is removed`);
        await removeNeverCreated(clients, state, run, pollSeconds);
        break;
      case 'stuck-in-rollback':
        await continueRollback(clients, state, run, pollSeconds, pass > 1);
        break;
      case 'paused':
        log(`stack ${stack} is ${state.status}: rolling it back`);
        await cloudFormation.rollbackStack({ StackName: state.id, ClientRequestToken: randomUUID() }, { abortSignal });
        await settleStack(clients, state.id, run, pollSeconds);
        break;
      case 'delete-failed':
        throw new AgentctlError('Refused', `stack ${stack} is being deleted, and that failed: ${state.reason ?? ''}`, {
          fix: 'finish the deletion first: agentctl destroy; then deploy again',
        });
    }
  }
}

async function removeNeverCreated(
  clients: AwsClients,
  state: StackState,
  run: StackRun,
  pollSeconds: number,
): Promise<void> {
  const cloudFormation = await clients.cloudFormation();
  const { signal: abortSignal, log } = run;
  if (state.isProtected) {
    await cloudFormation.updateTerminationProtection(
      { StackName: state.name, EnableTerminationProtection: false },
      { abortSignal },
    );
  }
  const deleted = await liftProtection(clients, state, run, pollSeconds);
  await cloudFormation.deleteStack({ StackName: state.id }, { abortSignal });
  const ended = await settleStack(clients, state.id, run, pollSeconds);
  const kept = ended.kept.filter((id) => !deleted.includes(id));
  if (kept.length > 0) log(`kept by CloudFormation, and of no stack now: ${kept.join(', ')}`);
  if (ended.state !== undefined) throw stackFailed(state.name, ended.state, ended.failures, []);
}

/** What failed to roll back a second time is left as it is, unless it holds data: the next deploy sets it right. */
async function continueRollback(
  clients: AwsClients,
  state: StackState,
  run: StackRun,
  pollSeconds: number,
  isSecond: boolean,
): Promise<void> {
  const cloudFormation = await clients.cloudFormation();
  const { signal: abortSignal, log } = run;
  const failed = (await readResources(clients, state.id, abortSignal)).filter(
    ({ status }) => status === 'UPDATE_FAILED',
  );
  const skipped = isSecond ? failed.filter(({ type }) => skippable.has(type)).map(({ logicalId }) => logicalId) : [];
  if (isSecond && skipped.length < failed.length) throw cannotRollBack(state, failed);
  const left = skipped.length === 0 ? '' : `, leaving ${skipped.join(', ')} as it is`;
  log(`stack ${state.name} is ${state.status}: going on with its rollback${left}`);
  await cloudFormation.continueUpdateRollback(
    {
      StackName: state.id,
      // Of one call: its second try, after an answer that was lost, does nothing.
      ClientRequestToken: randomUUID(),
      ...(skipped.length === 0 ? {} : { ResourcesToSkip: skipped }),
    },
    { abortSignal },
  );
  await settleStack(clients, state.id, run, pollSeconds);
}

/** Types that hold nothing, and that a deploy brings to what the template says whatever they are. */
const skippable: ReadonlySet<string> = new Set([
  'AWS::ApplicationAutoScaling::ScalableTarget',
  'AWS::ApplicationAutoScaling::ScalingPolicy',
  'AWS::CloudWatch::Alarm',
  'AWS::CloudWatch::Dashboard',
  'AWS::ECS::Service',
  'AWS::Scheduler::Schedule',
  'AWS::SSM::Parameter',
]);

function cannotRollBack(
  { name, status, reason }: StackState,
  failed: readonly { readonly logicalId: string; readonly type: string; readonly reason: string | null }[],
): AgentctlError {
  const ids = failed.map(({ logicalId }) => logicalId).join(' ');
  return new AgentctlError('Refused', `stack ${name} is ${status} and cannot be rolled back: ${reason ?? ''}`, {
    fix: `correct what is named above, then run it again; or give its resources up: aws cloudformation continue-update-rollback --stack-name ${name} --resources-to-skip ${ids}`,
    detail: failed.map(({ logicalId, type, reason: why }) => `${logicalId} (${type}): ${why ?? ''}`).join('\n'),
  });
}
