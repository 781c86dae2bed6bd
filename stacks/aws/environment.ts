import { stageEnvironment, type StageEntry } from '../stage/stage-environment.js';
import {
  composedSecretName,
  type GeneratedPart,
  generatedParts,
  generatedSecretName,
  userSecretName,
} from './naming.js';
import { awsAtoms } from './references.js';

export { type EnvironmentScope, generatedUser } from '../stage/atomic-template.js';
export { composedText } from '../stage/composed-text.js';
export type { ComposedSecret } from '../stage/stage-environment.js';
export { poolerPort, searchProxyPort } from './references.js';

/** Where a container gets a variable from. */
export type EnvironmentEntry = StageEntry<GeneratedPart>;

/** Systems Manager API, PutParameter, Value: 4 KB of a standard parameter. */
const longestParameterBytes = 4096;

/** Pure: the variables of workloads, the texts composed of secrets, and the secrets that have to be set. */
export const { environmentOn, composedSecrets, userSecretsOf, outputsUsedBy } = stageEnvironment<GeneratedPart>({
  parts: generatedParts,
  atoms: awsAtoms,
  fields: ['password'],
  userSecretName,
  generatedSecretName,
  composedSecretName,
  fitsPlain: fitsParameter,
});

/** Parameter Store refuses long values and `{{`, which it and CloudFormation would read as references of their own. */
function fitsParameter(template: string): boolean {
  return new TextEncoder().encode(template).length <= longestParameterBytes && !template.includes('{{');
}
