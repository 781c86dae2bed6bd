import { generatedPassword, passwordBytes } from '../../../stacks/stage/generated-password.js';
import { generatedParts, generatedSecretName, type StageScope } from '../../../stacks/gcp/naming.js';
import { AgentctlError } from '../../errors.js';
import { databaseSecret } from './add-settling.js';
import type { StageTools } from './open-stage-tools.js';

/**
 * A new password of a part; undefined: the stage has no such part.
 *
 * @throws Refused for a part whose service would turn away what runs
 */
export async function newPassword(
  scope: StageScope,
  name: string,
  { gcp, random }: Pick<StageTools, 'gcp' | 'random'>,
  signal: AbortSignal,
): Promise<string | undefined> {
  const part = generatedParts.find((known) => known === name);
  if (part === undefined) return undefined;
  const secret = generatedSecretName(scope, part);
  if ((await gcp.secrets.current(secret, signal)) === undefined) return undefined;
  if (part === databaseSecret) return generatedPassword(random(passwordBytes));
  const fix =
    part === 'cache' || part === 'queue'
      ? 'Memorystore makes its password and changes it only by switching AUTH off and on (gcloud redis instances update), which turns clients away; deploy afterwards'
      : part === 'search'
        ? `put a new one into the secret ${secret}, change the user by the REST API of OpenSearch, and deploy`
        : 'certificates are made anew by `agentctl deploy` before they end (docs/gcp.md)';
  throw new AgentctlError('Refused', `${part} cannot be rotated by agentctl`, { fix });
}
