import { composedSecrets, type ComposedSecret, userSecretsOf } from '../../../stacks/gcp/environment.js';
import { generatedSecretsOf } from '../../../stacks/gcp/generated-secrets.js';
import { type GeneratedPart, generatedSecretName, userSecretName } from '../../../stacks/gcp/naming.js';
import type { StageRequest } from '../../steps/gcp/stage-request.js';
import type { GcpStageFacts } from './gcp-facts.js';

type Release = Pick<StageRequest, 'spec' | 'stage' | 'release'>;

/** The secrets that what runs of a spec gets. */
export interface UsedSecrets {
  readonly composed: readonly ComposedSecret[];
  /** Names in `secrets:`. */
  readonly userSecrets: readonly string[];
  readonly parts: readonly GeneratedPart[];
  /** Of those, what agentctl makes up before the foundation. */
  readonly madeUp: readonly GeneratedPart[];
  /** And what Memorystore does, with the output that names the instance. */
  readonly madeByMemorystore: Readonly<Partial<Record<GeneratedPart, string>>>;
}

/** Pure: what a release of a spec uses. */
export function usedSecrets(request: Release): UsedSecrets {
  const generated = generatedSecretsOf(request.spec);
  const byMemorystore = generated.filter(({ madeBy }) => madeBy === 'memorystore');
  return {
    composed: composedSecrets(request),
    userSecrets: userSecretsOf(request),
    parts: generated.map(({ part }) => part),
    madeUp: generated.filter(({ madeBy }) => madeBy === 'agentctl').map(({ part }) => part),
    madeByMemorystore: Object.fromEntries(
      byMemorystore.map(({ part }) => [part, part === 'cache' ? 'CacheInstanceId' : 'QueueInstanceId']),
    ),
  };
}

/** Pure: names in Secret Manager of what a release of a spec uses. */
export function usedSecretNames(request: Release): readonly string[] {
  const scope = { name: request.spec.name, stage: request.stage };
  const { composed, userSecrets, parts } = usedSecrets(request);
  return [
    ...userSecrets.map((secret) => userSecretName(scope, secret)),
    ...parts.map((part) => generatedSecretName(scope, part)),
    ...composed.map(({ name }) => name),
  ];
}

/** Pure: the versions that a release would get now; those that are not there yet are left out. */
export function currentVersions(
  request: Release,
  { versions }: Pick<GcpStageFacts, 'versions'>,
): Record<string, string> {
  return Object.fromEntries(
    usedSecretNames(request).flatMap((name) => {
      const version = versions.get(name);
      return version === undefined ? [] : [[name, version]];
    }),
  );
}

/** Pure: versions of the user's secrets, as a release record keeps them. */
export function recordedVersions(
  request: Release,
  { versions }: Pick<GcpStageFacts, 'versions'>,
): Record<string, string> {
  const scope = { name: request.spec.name, stage: request.stage };
  return Object.fromEntries(
    usedSecrets(request)
      .userSecrets.toSorted()
      .map((secret) => [secret, versions.get(userSecretName(scope, secret)) ?? 'unknown']),
  );
}
