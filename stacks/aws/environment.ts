import { resolveTemplate } from '../spec/index.js';
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

/** What the references of a composed secret stand for. */
export interface ComposedValues {
  /** Outputs of the foundation stack, as CloudFormation returns them. */
  readonly outputs: Readonly<Record<string, string>>;
  /** By NAME. */
  readonly secrets: Readonly<Record<string, string>>;
  readonly passwords: Readonly<Partial<Record<GeneratedPart, string>>>;
  /** As whom clients log in to the pooler. */
  readonly pooledUser?: string;
}

/** The text of a composed secret. Throws an Error naming a reference that has no value. */
export function composedText(template: string, values: ComposedValues): string {
  const { outputs, secrets, passwords } = values;
  return resolveTemplate(template, (reference) => {
    const [section, name = '', field] = reference.split('.');
    const part = generatedParts.find((candidate) => candidate === name);
    if (section === 'output') return own(outputs, name);
    if (field === 'pooledUser') return values.pooledUser;
    if (section === 'secrets') return own(secrets, name);
    return section === 'generated' && part !== undefined ? passwords[part] : undefined;
  });
}

function own(values: Readonly<Record<string, string>>, name: string): string | undefined {
  return Object.hasOwn(values, name) ? values[name] : undefined;
}
