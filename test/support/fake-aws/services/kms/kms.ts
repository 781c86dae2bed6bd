import * as client from '@aws-sdk/client-kms';
import type { FakeService } from '../../fake-service.js';
import { ServiceError } from '../../service-error.js';
import { kmsState, type FakeKey } from './kms-state.js';

/** Keys that can be looked at. There is no cryptography. */
export const kms: FakeService = {
  name: 'kms',
  protocol: 'json',
  client,
  operations: (world) => {
    const state = world.state(kmsState);
    const found = (id = ''): FakeKey => {
      const key = state.find(id);
      if (key === undefined) throw new ServiceError('NotFoundException', `${id} is not found.`);
      return key;
    };
    return {
      DescribeKey: ({ KeyId }: client.DescribeKeyCommandInput) => ({
        KeyMetadata: keyView(found(KeyId), world.accountId),
      }),
      ListKeys: () => ({
        Keys: [...state.keys.values()].map(({ id, arn }) => ({ KeyId: id, KeyArn: arn })),
        Truncated: false,
      }),
      ListAliases({ KeyId }: client.ListAliasesCommandInput) {
        const id = KeyId === undefined ? undefined : found(KeyId).id;
        const aliases = [...state.aliases].filter(([, target]) => id === undefined || target === id);
        return {
          Aliases: aliases.map(([AliasName, TargetKeyId]) => ({
            AliasName,
            AliasArn: world.arn('kms', AliasName),
            TargetKeyId,
          })),
          Truncated: false,
        };
      },
      CreateKey: ({ Description = '', Policy = '' }: client.CreateKeyCommandInput) => ({
        KeyMetadata: keyView(state.addKey(Description, Policy), world.accountId),
      }),
      CreateAlias({ AliasName = '', TargetKeyId }: client.CreateAliasCommandInput) {
        if (state.aliases.has(AliasName))
          throw new ServiceError('AlreadyExistsException', `${AliasName} already exists`);
        state.aliases.set(AliasName, found(TargetKeyId).id);
      },
      GetKeyRotationStatus: ({ KeyId }: client.GetKeyRotationStatusCommandInput) => ({
        KeyRotationEnabled: found(KeyId).isRotated,
      }),
      GetKeyPolicy: ({ KeyId }: client.GetKeyPolicyCommandInput) => ({
        Policy: found(KeyId).policy,
        PolicyName: 'default',
      }),
      ScheduleKeyDeletion({ KeyId, PendingWindowInDays = 30 }: client.ScheduleKeyDeletionCommandInput) {
        const key = found(KeyId);
        key.deletionDate = new Date(Date.now() + PendingWindowInDays * 86_400_000);
        return { KeyId: key.arn, DeletionDate: key.deletionDate, KeyState: 'PendingDeletion', PendingWindowInDays };
      },
    };
  },
};

function keyView(key: FakeKey, accountId: string): client.KeyMetadata {
  return {
    AWSAccountId: accountId,
    KeyId: key.id,
    Arn: key.arn,
    CreationDate: key.createdAt,
    Description: key.description,
    Enabled: key.deletionDate === undefined,
    KeyState: key.deletionDate === undefined ? 'Enabled' : 'PendingDeletion',
    ...(key.deletionDate !== undefined && { DeletionDate: key.deletionDate }),
    KeyManager: key.description.startsWith('of AWS') ? 'AWS' : 'CUSTOMER',
    KeyUsage: 'ENCRYPT_DECRYPT',
    KeySpec: 'SYMMETRIC_DEFAULT',
    Origin: 'AWS_KMS',
    MultiRegion: false,
  };
}
