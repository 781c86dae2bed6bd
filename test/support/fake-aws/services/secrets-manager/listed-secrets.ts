import type { ListSecretsCommandInput, SecretListEntry } from '@aws-sdk/client-secrets-manager';
import type { FakeSecret } from './secrets-state.js';

/** Secrets that ListSecrets names, oldest first. A filter's value is a prefix, one that begins with `!` excludes. */
export function listedSecrets(secrets: Iterable<FakeSecret>, input: ListSecretsCommandInput): FakeSecret[] {
  return [...secrets].filter(
    (secret) =>
      (secret.deletionDate === undefined || input.IncludePlannedDeletion === true) &&
      (input.Filters ?? []).every(({ Key, Values = [] }) => {
        const texts = textsOf(secret, Key);
        return Values.some((value) =>
          value.startsWith('!')
            ? !texts.some((text) => text.startsWith(value.slice(1)))
            : texts.some((text) => text.startsWith(value)),
        );
      }),
  );
}

/** A secret as lists and descriptions show it. */
export function secretView(secret: FakeSecret): SecretListEntry {
  return {
    ARN: secret.arn,
    Name: secret.name,
    Description: secret.description,
    KmsKeyId: secret.kmsKeyId,
    CreatedDate: secret.createdAt,
    LastChangedDate: secret.changedAt,
    DeletedDate: secret.deletionDate,
    Tags: [...secret.tags].map(([Key, Value]) => ({ Key, Value })),
    SecretVersionsToStages: Object.fromEntries(
      [...secret.versions.values()].filter(({ stages }) => stages.size > 0).map(({ id, stages }) => [id, [...stages]]),
    ),
  };
}

function textsOf(secret: FakeSecret, key: string | undefined): string[] {
  switch (key) {
    case 'name':
      return [secret.name];
    case 'description':
      return [secret.description ?? ''];
    case 'tag-key':
      return [...secret.tags.keys()];
    case 'tag-value':
      return [...secret.tags.values()];
    case undefined:
    default:
      throw new Error(`ListSecrets with filter ${key}: the fake has none`);
  }
}
