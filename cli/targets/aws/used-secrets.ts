import { composedSecrets, type ComposedSecret, userSecretsOf } from '../../../stacks/aws/environment.js';
import { generatedPartsOf } from '../../../stacks/aws/generated-secrets.js';
import { type GeneratedPart, generatedSecretName, userSecretName } from '../../../stacks/aws/naming.js';
import { secretsMarker } from '../../steps/aws/secrets-marker.js';
import type { StageRequest } from '../../steps/aws/stage-request.js';
import type { AwsStageFacts } from './aws-facts.js';

/** The secrets that what runs of a spec gets. */
export interface UsedSecrets {
  readonly composed: readonly ComposedSecret[];
  /** Names in `secrets:`. */
  readonly userSecrets: readonly string[];
  readonly parts: readonly GeneratedPart[];
}

/** Pure: what a release of a spec uses. */
export function usedSecrets(request: Pick<StageRequest, 'spec' | 'stage' | 'release'>): UsedSecrets {
  return {
    composed: composedSecrets(request),
    userSecrets: userSecretsOf(request),
    parts: generatedPartsOf(request.spec),
  };
}

/** Pure: names in Secrets Manager of what a release of a spec uses. */
export function usedSecretNames(request: Pick<StageRequest, 'spec' | 'stage' | 'release'>): readonly string[] {
  const scope = { name: request.spec.name, stage: request.stage };
  const { composed, userSecrets, parts } = usedSecrets(request);
  return [
    ...userSecrets.map((secret) => userSecretName(scope, secret)),
    ...parts.map((part) => generatedSecretName(scope, part)),
    ...composed.map(({ name }) => name),
  ];
}

/** Pure: the marker that a release would get with the values of now. */
export function currentMarker(
  request: Pick<StageRequest, 'spec' | 'stage' | 'release'>,
  { versions }: Pick<AwsStageFacts, 'versions'>,
): string {
  return secretsMarker(usedSecretNames(request), versions);
}

/** Pure: versions of the user's secrets, as a release record keeps them. */
export function recordedVersions(
  request: Pick<StageRequest, 'spec' | 'stage' | 'release'>,
  { versions }: Pick<AwsStageFacts, 'versions'>,
): Record<string, string> {
  const scope = { name: request.spec.name, stage: request.stage };
  const { userSecrets } = usedSecrets(request);
  return Object.fromEntries(
    userSecrets.toSorted().map((secret) => [secret, versions.get(userSecretName(scope, secret)) ?? 'unknown']),
  );
}
