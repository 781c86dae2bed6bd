import { AgentctlError } from '../../errors.js';
import type { Plan } from '../../plan/plan.js';
import type { AwsStageFacts } from './aws-facts.js';
import { planReissue } from './plan-reissue.js';
import type { RotatedVersion } from './plan-rollout.js';
import { servingRecord } from './serving-release.js';

/**
 * Pure: how the database gets a new password, and everything that runs is started again with it.
 *
 * @throws NotDeployed when nothing serves: only a release says who has the password
 */
export function planPasswordRotation(facts: AwsStageFacts, rotated: RotatedVersion, flags: string): Plan {
  const record = servingRecord(facts);
  const instance = facts.stacks.foundation?.outputs['PostgresInstanceId'];
  if (record !== undefined && instance !== undefined) {
    return planReissue({ facts, record, rotated: { ...rotated, instance } });
  }
  const what = instance === undefined ? 'there is no database' : 'nothing serves';
  throw new AgentctlError('NotDeployed', `${what} on AWS, stage ${facts.scope.stage}: no password was changed`, {
    fix: `deploy first: agentctl deploy ${flags}`,
  });
}
