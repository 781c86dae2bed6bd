import { createHash } from 'node:crypto';
import { generatedParts, generatedSecretName, type StageScope, userSecretName } from '../../../stacks/aws/naming.js';
import type { RotatedSecret } from '../target.js';
import type { RotatedVersion } from './plan-rollout.js';

/** Pure: a new value of a secret as Secrets Manager names it: version ids there have 32 characters and more. */
export function rotatedVersion(
  scope: StageScope,
  { name: secret, version, isMadeUp }: RotatedSecret,
): Omit<RotatedVersion, 'instance'> {
  const part = generatedParts.find((known) => isMadeUp && known === secret);
  const name = part === undefined ? userSecretName(scope, secret) : generatedSecretName(scope, part);
  return { secret, name, version: createHash('sha256').update(`${name} ${version}`).digest('hex').slice(0, 32) };
}
