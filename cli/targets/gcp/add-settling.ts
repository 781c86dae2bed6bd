import { generatedSecretName } from '../../../stacks/gcp/naming.js';
import type { PlanBuilder } from '../../plan/plan-builder.js';
import type { StepHandle } from '../../plan/reference.js';
import { restorePassword } from '../../steps/gcp/restore-password.js';
import type { GcpStageFacts } from './gcp-facts.js';
import { recordedRelease, servingRecord } from './recorded-release.js';

/** The secret that a rotation of the database's password is of, and the name it is given in commands. */
export const databaseSecret = 'postgres';

/** Takes a rotation of the database's password back that was cut short, and that nobody has resumed. */
export function addSettling(builder: PlanBuilder, facts: GcpStageFacts): readonly StepHandle<unknown>[] {
  const { scope, outputs, versions } = facts;
  const instance = outputs.foundation?.['PostgresInstanceId'];
  const previous = servingRecord(facts);
  const secret = generatedSecretName(scope, databaseSecret);
  const newest = versions.get(secret);
  const before = previous && recordedRelease(previous).request.secretVersions[secret];
  if (instance === undefined || before === undefined || newest === undefined) return [];
  if (Number(newest) <= Number(before)) return [];
  return [builder.add('settle', restorePassword, { scope: { ...scope }, instance, before })];
}
