import * as client from '@aws-sdk/client-secrets-manager';
import type { CallContext, FakeService } from '../../fake-service.js';
import { pageOf } from '../../page-of.js';
import { ServiceError } from '../../service-error.js';
import { kmsState } from '../kms/kms-state.js';
import { listedSecrets, secretView } from './listed-secrets.js';
import { secretsState, type FakeSecret, type SecretVersion } from './secrets-state.js';
import { updateVersionStage } from './update-version-stage.js';

/** API reference, PutSecretValue. */
const longestBytes = 65_536;

interface NewValue {
  readonly ClientRequestToken?: string | undefined;
  readonly SecretString?: string | undefined;
  readonly SecretBinary?: Uint8Array | undefined;
}

/** Secrets with versions and stages, deletion with a window. No rotation, no replication. */
export const secretsManager: FakeService = {
  name: 'secretsmanager',
  protocol: 'json',
  client,
  operations: (world) => {
    const state = world.state(secretsState);
    const found = (id = '', isDeletedToo = false): FakeSecret => {
      const secret = state.find(id);
      if (secret === undefined) {
        throw new ServiceError('ResourceNotFoundException', "Secrets Manager can't find the specified secret.");
      }
      if (secret.deletionDate !== undefined && !isDeletedToo) {
        throw new ServiceError(
          'InvalidRequestException',
          "You can't perform this operation on the secret because it was marked for deletion.",
        );
      }
      return secret;
    };
    const checkKey = (keyId: string | undefined): void => {
      if (keyId === undefined || world.state(kmsState).find(keyId) !== undefined) return;
      throw new ServiceError(
        'EncryptionFailure',
        `Secrets Manager can't encrypt with the KMS key ${keyId}: it does not exist.`,
      );
    };
    /** The same token with the same value is the same version; with another value it is refused. */
    const putValue = (
      secret: FakeSecret,
      value: NewValue,
      requestId: string,
      stages?: readonly string[],
    ): SecretVersion => {
      const bytes = Buffer.byteLength(value.SecretString ?? '') + (value.SecretBinary?.length ?? 0);
      if (bytes > longestBytes || bytes === 0) {
        throw new ServiceError(
          'ValidationException',
          `1 validation error detected: Value at 'secretString' failed to satisfy constraint: Member must have length between 1 and ${longestBytes}`,
        );
      }
      const id = value.ClientRequestToken ?? `${requestId}-${world.newId(11)}`;
      const known = secret.versions.get(id);
      const isSame =
        known?.text === value.SecretString &&
        Buffer.compare(known?.bytes ?? Buffer.alloc(0), value.SecretBinary ?? Buffer.alloc(0)) === 0;
      if (known !== undefined && isSame) return known;
      if (known !== undefined) {
        throw new ServiceError(
          'ResourceExistsException',
          `A version with token ${id} and another value exists already.`,
        );
      }
      return state.put(secret, { id, text: value.SecretString, bytes: value.SecretBinary }, stages);
    };
    return {
      CreateSecret(input: client.CreateSecretCommandInput, { requestId }: CallContext) {
        const { Name = '', Description, KmsKeyId, Tags = [] } = input;
        const known = state.find(Name);
        if (known?.deletionDate !== undefined) {
          throw new ServiceError(
            'InvalidRequestException',
            "You can't create this secret because a secret with this name is already scheduled for deletion.",
          );
        }
        if (known !== undefined && !known.versions.has(input.ClientRequestToken ?? '')) {
          throw new ServiceError(
            'ResourceExistsException',
            `The operation failed because the secret ${Name} already exists.`,
          );
        }
        checkKey(KmsKeyId);
        const secret = known ?? state.add(Name);
        secret.description = Description;
        secret.kmsKeyId = KmsKeyId;
        secret.tags = new Map(Tags.map(({ Key = '', Value = '' }) => [Key, Value]));
        const hasValue = input.SecretString !== undefined || input.SecretBinary !== undefined;
        return { ARN: secret.arn, Name, ...(hasValue && { VersionId: putValue(secret, input, requestId).id }) };
      },
      PutSecretValue(input: client.PutSecretValueCommandInput, { requestId }: CallContext) {
        const secret = found(input.SecretId);
        const version = putValue(secret, input, requestId, input.VersionStages);
        return { ARN: secret.arn, Name: secret.name, VersionId: version.id, VersionStages: [...version.stages] };
      },
      UpdateSecret(input: client.UpdateSecretCommandInput, { requestId }: CallContext) {
        const secret = found(input.SecretId);
        checkKey(input.KmsKeyId);
        secret.description = input.Description ?? secret.description;
        secret.kmsKeyId = input.KmsKeyId ?? secret.kmsKeyId;
        const hasValue = input.SecretString !== undefined || input.SecretBinary !== undefined;
        return {
          ARN: secret.arn,
          Name: secret.name,
          ...(hasValue && { VersionId: putValue(secret, input, requestId).id }),
        };
      },
      UpdateSecretVersionStage(input: client.UpdateSecretVersionStageCommandInput) {
        const secret = found(input.SecretId);
        updateVersionStage(secret, input);
        return { ARN: secret.arn, Name: secret.name };
      },
      GetSecretValue({ SecretId, VersionId, VersionStage }: client.GetSecretValueCommandInput) {
        const secret = found(SecretId);
        const stage = VersionStage ?? (VersionId === undefined ? 'AWSCURRENT' : undefined);
        const version = [...secret.versions.values()].find(
          ({ id, stages }) => (VersionId ?? id) === id && (stage === undefined || stages.has(stage)),
        );
        if (version === undefined) {
          throw new ServiceError(
            'ResourceNotFoundException',
            `Secrets Manager can't find the specified secret value for staging label: ${stage}`,
          );
        }
        return {
          ARN: secret.arn,
          Name: secret.name,
          VersionId: version.id,
          VersionStages: [...version.stages],
          CreatedDate: version.createdAt,
          SecretString: version.text,
          SecretBinary: version.bytes,
        };
      },
      DescribeSecret: ({ SecretId }: client.DescribeSecretCommandInput) => {
        const { SecretVersionsToStages: versions, ...view } = secretView(found(SecretId, true));
        return { ...view, VersionIdsToStages: versions };
      },
      ListSecrets(input: client.ListSecretsCommandInput) {
        const { items, next } = pageOf(listedSecrets(state.secrets.values(), input), input.NextToken, input.MaxResults);
        return { SecretList: items.map(secretView), NextToken: next };
      },
      ListSecretVersionIds({ SecretId, IncludeDeprecated = false }: client.ListSecretVersionIdsCommandInput) {
        const secret = found(SecretId);
        const versions = [...secret.versions.values()].filter(({ stages }) => IncludeDeprecated || stages.size > 0);
        return {
          ARN: secret.arn,
          Name: secret.name,
          Versions: versions.map(({ id, stages, createdAt }) => ({
            VersionId: id,
            VersionStages: [...stages],
            CreatedDate: createdAt,
          })),
        };
      },
      DeleteSecret(input: client.DeleteSecretCommandInput) {
        const isForced = input.ForceDeleteWithoutRecovery === true;
        if (isForced && state.find(input.SecretId ?? '') === undefined) return { DeletionDate: new Date() };
        const secret = found(input.SecretId, isForced);
        const days = isForced ? 0 : (input.RecoveryWindowInDays ?? 30);
        if (!isForced && (days < 7 || days > 30)) {
          throw new ServiceError(
            'InvalidParameterException',
            'RecoveryWindowInDays must be between 7 and 30 days inclusive.',
          );
        }
        secret.deletionDate = new Date(Date.now() + days * 86_400_000);
        if (isForced) state.secrets.delete(secret.name);
        return { ARN: secret.arn, Name: secret.name, DeletionDate: secret.deletionDate };
      },
      RestoreSecret({ SecretId }: client.RestoreSecretCommandInput) {
        const secret = found(SecretId, true);
        secret.deletionDate = undefined;
        return { ARN: secret.arn, Name: secret.name };
      },
      TagResource({ SecretId, Tags = [] }: client.TagResourceCommandInput) {
        const secret = found(SecretId);
        for (const { Key = '', Value = '' } of Tags) secret.tags.set(Key, Value);
      },
    };
  },
};
