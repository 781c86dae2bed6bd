import { AgentctlError } from '../../../errors.js';
import type { ResourceFailure } from './stack-events.js';
import { stackCondition } from './stack-status.js';
import type { StackState } from './stack-tools.js';

/** Pure: a deploy or deletion of a stack that ended badly, as an error. `detail`: what ECS or the toolkit found out. */
export function stackFailed(
  stack: string,
  state: StackState | undefined,
  failures: readonly ResourceFailure[],
  detail: readonly string[],
  cause?: unknown,
): AgentctlError {
  const [first] = failures;
  const why =
    first === undefined
      ? (state?.reason ?? 'CloudFormation gives no reason')
      : `${first.logicalId} (${first.type}): ${first.reason.replace(/\.$/, '')}`;
  const said = new Set(failures.map(({ logicalId, type, reason }) => `${logicalId} (${type}): ${reason}`));
  const lines = [...[...said].slice(1), ...detail];
  return new AgentctlError('StepFailed', `stack ${stack} ${howItEnded(state)}: ${why}`, {
    fix: fixOf(state, first),
    ...(lines.length === 0 ? {} : { detail: lines.join('\n') }),
    data: { stack, status: state?.status ?? null, failures },
    cause,
  });
}

function howItEnded(state: StackState | undefined): string {
  if (state === undefined) return 'is gone';
  switch (stackCondition(state.status)) {
    case 'rolled-back':
      return 'was rolled back';
    case 'never-created':
      return 'could not be created';
    case 'stuck-in-rollback':
      return 'failed, and could not be rolled back either';
    case 'delete-failed':
      return 'could not be deleted';
    case 'busy':
    case 'done':
    case 'in-review':
    case 'paused':
    case 'deleted':
      return `failed (${state.status})`;
  }
}

function fixOf(state: StackState | undefined, first: ResourceFailure | undefined): string {
  const reason = first?.reason ?? state?.reason ?? '';
  if (
    first?.type === 'AWS::ECS::Service' &&
    /circuit breaker|alarms were triggered|deployment was stopped/i.test(reason)
  ) {
    return 'mend what its last log lines name and deploy again';
  }
  if (/service-linked role/i.test(reason)) {
    const service = /[a-z-]+\.amazonaws\.com/.exec(reason)?.[0] ?? 'SERVICE.amazonaws.com';
    return `create the role once: aws iam create-service-linked-role --aws-service-name ${service}; then run it again`;
  }
  if (/limit|quota|exceeded|insufficient/i.test(reason))
    return 'raise the quota (agentctl doctor lists them), or ask for less';
  if (/already exists/i.test(reason)) {
    return 'something of that name is there already, perhaps kept by a destroy: remove or rename it, then run it again';
  }
  if (/not authorized|AccessDenied|access denied/i.test(reason)) return 'allow what AWS denied, then run it again';
  return 'correct what AWS says, then run it again: the stack is repaired first where it has to be';
}
