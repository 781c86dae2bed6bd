import { generatedSecretName } from '../../../stacks/gcp/naming.js';
import { AgentctlError } from '../../errors.js';
import type { Plan } from '../../plan/plan.js';
import { databaseSecret } from './add-settling.js';
import type { GcpStageFacts } from './gcp-facts.js';
import { planReissue } from './plan-reissue.js';
import { recordedRelease, servingRecord } from './recorded-release.js';

/**
 * Pure: how the database gets a new password, and everything that runs is started again with it.
 *
 * @throws NotDeployed when nothing serves: only a release says who has the password
 */
export function planPasswordRotation(facts: GcpStageFacts, flags: string): Plan {
  const record = servingRecord(facts);
  const instance = facts.outputs.foundation?.['PostgresInstanceId'];
  const name = generatedSecretName(facts.scope, databaseSecret);
  // What serves has it; a newer one is of a rotation that was cut short.
  const before = record && recordedRelease(record).request.secretVersions[name];
  if (record !== undefined && instance !== undefined && before !== undefined) {
    const rotated = { secret: databaseSecret, name, before, instance };
    return planReissue({ facts, record, hasRevisions: false, rotated });
  }
  const what = instance === undefined ? 'there is no database' : 'nothing that uses it serves';
  throw new AgentctlError(
    'NotDeployed',
    `${what} on Google Cloud, stage ${facts.scope.stage}: no password was changed`,
    {
      fix: `deploy first: agentctl deploy ${flags}`,
    },
  );
}
