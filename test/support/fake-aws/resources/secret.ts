import type { ResourceType } from '../resource-type.js';
import { secretsState } from '../services/secrets-manager/secrets-state.js';

interface GenerateSecretString {
  readonly SecretStringTemplate?: string;
  readonly GenerateStringKey?: string;
  readonly PasswordLength?: number;
}

/** A secret of the fake Secrets Manager; its text is given or made up. */
export const secretType: ResourceType = {
  type: 'AWS::SecretsManager::Secret',
  async create(properties, { world, newName }) {
    const { Name, SecretString, GenerateSecretString, KmsKeyId, Description } = properties;
    const name = typeof Name === 'string' ? Name : newName();
    const state = world.state(secretsState);
    if (state.find(name) !== undefined)
      throw new Error(`The operation failed because the secret ${name} already exists.`);
    const secret = state.add(name);
    secret.description = Description === undefined ? undefined : String(Description);
    secret.kmsKeyId = KmsKeyId === undefined ? undefined : String(KmsKeyId);
    const made = GenerateSecretString as GenerateSecretString | undefined;
    const text = made === undefined ? SecretString : generated(made, world.newId(made.PasswordLength ?? 32));
    if (typeof text === 'string') state.put(secret, { id: world.newId(32), text, bytes: undefined });
    return { physicalId: secret.arn, attributes: { Id: secret.arn } };
  },
  async update(resource, { SecretString }, previous, { world }) {
    const state = world.state(secretsState);
    const secret = state.find(resource.physicalId);
    if (secret === undefined) throw new Error("Secrets Manager can't find the specified secret.");
    if (typeof SecretString === 'string' && SecretString !== previous['SecretString']) {
      state.put(secret, { id: world.newId(32), text: SecretString, bytes: undefined });
    }
    return resource;
  },
  async delete({ physicalId }, _properties, { world }) {
    const { secrets, find } = world.state(secretsState);
    const secret = find(physicalId);
    if (secret !== undefined) secrets.delete(secret.name);
  },
};

/** Adds to a secret what it is needed for; here only the tie is known. */
export const secretTargetAttachmentType: ResourceType = {
  type: 'AWS::SecretsManager::SecretTargetAttachment',
  create: async ({ SecretId }) => ({ physicalId: String(SecretId), attributes: { Id: String(SecretId) } }),
  update: async (resource) => resource,
  delete: async () => undefined,
};

function generated({ SecretStringTemplate, GenerateStringKey }: GenerateSecretString, password: string): string {
  if (SecretStringTemplate === undefined || GenerateStringKey === undefined) return password;
  return JSON.stringify({ ...(JSON.parse(SecretStringTemplate) as object), [GenerateStringKey]: password });
}
