import {
  CreateSecretCommand,
  DeleteSecretCommand,
  DescribeSecretCommand,
  GetSecretValueCommand,
  ListSecretsCommand,
  PutSecretValueCommand,
  RestoreSecretCommand,
  SecretsManagerClient,
} from '@aws-sdk/client-secrets-manager';
import { expect, test } from 'vitest';
import { fakeForTest } from '../support/fake-aws/fake-for-test.js';

const SecretId = 'agentctl/a/s/secrets/KEY';
const secretsForTest = async () => new SecretsManagerClient((await fakeForTest()).client);

test('a new value makes the old one the previous', async () => {
  const secrets = await secretsForTest();
  await secrets.send(new CreateSecretCommand({ Name: SecretId, SecretString: 'one' }));
  const put = new PutSecretValueCommand({ SecretId, SecretString: 'two', ClientRequestToken: 'a'.repeat(32) });
  const { VersionId } = await secrets.send(put);
  expect((await secrets.send(put)).VersionId).toBe(VersionId);
  const text = async (VersionStage?: string) =>
    (await secrets.send(new GetSecretValueCommand({ SecretId, ...(VersionStage !== undefined && { VersionStage }) })))
      .SecretString;
  expect([await text(), await text('AWSPREVIOUS')]).toEqual(['two', 'one']);
  const { VersionIdsToStages = {} } = await secrets.send(new DescribeSecretCommand({ SecretId }));
  expect(Object.values(VersionIdsToStages)).toEqual([['AWSPREVIOUS'], ['AWSCURRENT']]);
  const other = new PutSecretValueCommand({ SecretId, SecretString: 'x', ClientRequestToken: 'a'.repeat(32) });
  await expect(secrets.send(other)).rejects.toMatchObject({ name: 'ResourceExistsException' });
  await expect(secrets.send(new CreateSecretCommand({ Name: SecretId, SecretString: 'x' }))).rejects.toMatchObject({
    name: 'ResourceExistsException',
  });
});

test('a deleted secret is listed only when asked for, and can be restored', async () => {
  const secrets = await secretsForTest();
  for (const Name of [SecretId, 'agentctl/a/s2/secrets/KEY'])
    await secrets.send(new CreateSecretCommand({ Name, SecretString: 'v' }));
  const names = async (input: { IncludePlannedDeletion?: boolean } = {}) => {
    const Filters = [{ Key: 'name' as const, Values: ['agentctl/a/s/'] }];
    return (await secrets.send(new ListSecretsCommand({ Filters, ...input }))).SecretList?.map(({ Name }) => Name);
  };
  expect(await names()).toEqual([SecretId]);
  await secrets.send(new DeleteSecretCommand({ SecretId, RecoveryWindowInDays: 7 }));
  expect(await names()).toEqual([]);
  expect(await names({ IncludePlannedDeletion: true })).toEqual([SecretId]);
  await expect(secrets.send(new GetSecretValueCommand({ SecretId }))).rejects.toMatchObject({
    name: 'InvalidRequestException',
  });
  await secrets.send(new RestoreSecretCommand({ SecretId }));
  expect(await names()).toEqual([SecretId]);
  await secrets.send(new DeleteSecretCommand({ SecretId, ForceDeleteWithoutRecovery: true }));
  await expect(secrets.send(new DescribeSecretCommand({ SecretId }))).rejects.toMatchObject({
    name: 'ResourceNotFoundException',
  });
});

test('a key that is not there encrypts nothing', async () => {
  const secrets = await secretsForTest();
  const create = (KmsKeyId: string) =>
    secrets.send(new CreateSecretCommand({ Name: SecretId, SecretString: 'v', KmsKeyId }));
  await expect(create('alias/agentctl')).rejects.toMatchObject({ name: 'EncryptionFailure' });
  await create('alias/aws/secretsmanager');
});
