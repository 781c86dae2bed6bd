import { randomUUID } from 'node:crypto';
import type { SecretsManager } from '@aws-sdk/client-secrets-manager';
import { awsErrorName } from '../clients/aws-failure.js';
import { pendingStage, type PutSecretOptions } from './secret-tools.js';

/** The key that `agentctl bootstrap` makes. */
const keyAlias = 'alias/agentctl';

/** Gives a secret a value, whatever state it is in; returns the version. */
export async function putSecret(
  secrets: SecretsManager,
  options: PutSecretOptions,
  abortSignal: AbortSignal,
): Promise<string> {
  const { name, value, as = 'current', tags = {} } = options;
  // Retries of one call, and calls that are repeated with the same version, make one version.
  const ClientRequestToken = options.version ?? randomUUID();
  try {
    await secrets.putSecretValue(
      {
        SecretId: name,
        SecretString: value,
        ClientRequestToken,
        ...(as === 'pending' ? { VersionStages: [pendingStage] } : {}),
      },
      { abortSignal },
    );
    return ClientRequestToken;
  } catch (error) {
    const reason = awsErrorName(error);
    if (reason === 'InvalidRequestException' && (await restored(secrets, name, abortSignal))) {
      return await putSecret(secrets, { ...options, version: ClientRequestToken }, abortSignal);
    }
    if (reason !== 'ResourceNotFoundException') throw error;
  }
  const KmsKeyId = keyAlias;
  const Tags = Object.entries(tags).map(([Key, Value]) => ({ Key, Value }));
  try {
    if (as === 'current') {
      await secrets.createSecret(
        { Name: name, SecretString: value, ClientRequestToken, KmsKeyId, Tags },
        { abortSignal },
      );
      return ClientRequestToken;
    }
    // The first version of a secret is always current: one that nothing may use yet begins without any.
    await secrets.createSecret({ Name: name, KmsKeyId, Tags }, { abortSignal });
  } catch (error) {
    if (awsErrorName(error) !== 'ResourceExistsException') throw error;
  }
  return await putSecret(secrets, { ...options, version: ClientRequestToken }, abortSignal);
}

/** Whether a secret was scheduled for deletion, and is not any more. */
async function restored(secrets: SecretsManager, SecretId: string, abortSignal: AbortSignal): Promise<boolean> {
  const { DeletedDate } = await secrets.describeSecret({ SecretId }, { abortSignal });
  if (DeletedDate === undefined) return false;
  await secrets.restoreSecret({ SecretId }, { abortSignal });
  return true;
}
