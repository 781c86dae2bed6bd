import type { UpdateSecretVersionStageCommandInput } from '@aws-sdk/client-secrets-manager';
import { ServiceError } from '../../service-error.js';
import { type FakeSecret, moveStage, type SecretVersion } from './secrets-state.js';

/**
 * Takes a label from one version and gives it to another. AWSPREVIOUS follows AWSCURRENT by itself (API reference,
 * UpdateSecretVersionStage).
 */
export function updateVersionStage(
  secret: FakeSecret,
  { VersionStage: stage = '', RemoveFromVersionId: from, MoveToVersionId: to }: UpdateSecretVersionStageCommandInput,
): void {
  const versionOf = (id: string): SecretVersion => {
    const version = secret.versions.get(id);
    if (version !== undefined) return version;
    throw new ServiceError('ResourceNotFoundException', `Secrets Manager can't find the version ${id}.`);
  };
  const holder = [...secret.versions.values()].find(({ stages }) => stages.has(stage));
  const target = to === undefined ? undefined : versionOf(to);
  if (from !== undefined && !versionOf(from).stages.has(stage)) {
    throw new ServiceError('InvalidParameterException', `The staging label ${stage} is not attached to ${from}.`);
  }
  if (holder !== undefined && holder !== target && holder.id !== from) {
    throw new ServiceError(
      'InvalidParameterException',
      `The parameter RemoveFromVersionId can't be empty. Staging label ${stage} is currently attached to version ${holder.id}, so you must explicitly reference that version in RemoveFromVersionId.`,
    );
  }
  if (target === undefined && stage === 'AWSCURRENT') {
    throw new ServiceError('InvalidParameterException', "You can't remove the staging label AWSCURRENT.");
  }
  if (target === undefined) holder?.stages.delete(stage);
  else moveStage(secret, stage, target);
}
