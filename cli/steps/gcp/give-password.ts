import { generatedUser } from '../../../stacks/gcp/environment.js';
import { generatedSecretName, type StageScope } from '../../../stacks/gcp/naming.js';
import { AgentctlError } from '../../errors.js';
import type { StepContext } from '../../plan/step.js';
import type { GcpStepTools } from './gcp-step-tools.js';

export interface GivePasswordOptions {
  readonly scope: StageScope;
  /** Of Cloud SQL. */
  readonly instance: string;
  /** Of the secret. @default - the newest that is enabled */
  readonly version?: string;
}

/**
 * Gives the user of the database the password that is in a version of its secret.
 *
 * @throws SecretMissing
 */
export async function givePassword(
  { scope, instance, version }: GivePasswordOptions,
  { tools, signal }: Pick<StepContext<GcpStepTools>, 'tools' | 'signal'>,
): Promise<void> {
  const secret = generatedSecretName(scope, 'postgres');
  const password = await tools.gcp.secrets.read(secret, signal, version);
  if (password === undefined) {
    throw new AgentctlError('SecretMissing', `the password of the database, ${secret}, is gone`, {
      fix: 'enable its version again in Secret Manager, then run it again',
    });
  }
  await tools.gcp.database.setPassword(instance, generatedUser, password, signal);
}
