import { type EnvironmentScope, outputAtom } from '../stage/atomic-template.js';
import { stageEnvironment, type StageEntry } from '../stage/stage-environment.js';
import {
  composedSecretName,
  type GeneratedPart,
  generatedParts,
  generatedSecretName,
  userSecretName,
} from './naming.js';
import { gcpAtoms } from './references.js';

export { type EnvironmentScope, generatedUser } from '../stage/atomic-template.js';
export { composedText } from '../stage/composed-text.js';
export type { ComposedSecret } from '../stage/stage-environment.js';

/** Where a container gets a variable from. */
export type EnvironmentEntry = StageEntry<GeneratedPart>;

/** Cloud Run, "Quotas and limits": the value of a variable. */
const longestVariableBytes = 32_768;

/** Pure: the variables of workloads, the texts composed of secrets, and the secrets that have to be set. */
export const { environmentOn, composedSecrets, userSecretsOf, outputsUsedBy } = stageEnvironment<GeneratedPart>({
  parts: generatedParts,
  atoms: gcpAtoms,
  fields: ['password', 'certificate'],
  userSecretName,
  generatedSecretName,
  composedSecretName,
  fitsPlain: (template) => new TextEncoder().encode(template).length <= longestVariableBytes,
  own: certificateVariables,
  setsPort: true,
});

/** Parts of Google Cloud have CAs of their own: clients that check certificates need them. */
function certificateVariables({ spec }: EnvironmentScope): Readonly<Record<string, string>> {
  const { postgres, cache, queue, search } = spec;
  const ownQueue = queue?.kind === 'managed' && queue.engine === 'redis' && cache?.kind !== 'managed';
  const redis = cache?.kind === 'managed' ? 'CacheCaCert' : ownQueue ? 'QueueCaCert' : undefined;
  return {
    ...(postgres?.kind === 'managed' ? { AGENTCTL_POSTGRES_CA_CERT: outputAtom('PostgresCaCert') } : {}),
    ...(redis === undefined ? {} : { AGENTCTL_CACHE_CA_CERT: outputAtom(redis) }),
    ...(search?.kind === 'managed' ? { AGENTCTL_SEARCH_CA_CERT: '${generated.search-ca.certificate}' } : {}),
  };
}
