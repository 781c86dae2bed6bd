import { Stack } from 'aws-cdk-lib/core';
import { expect, test } from 'vitest';
import { EncryptionKey } from '../../../../constructs/aws/index.js';
import { synthesizedStack } from '../../../support/synthesized-stack.js';

const encryption = synthesizedStack((stack) => void new EncryptionKey(stack, 'Key', { alias: 'support-production' }));

test('is rotated and kept, under a fixed logical id (AwsSolutions-KMS5, CKV_AWS_7, CT.KMS.PR.1)', () => {
  expect(encryption.resources['Key']).toMatchObject({
    Type: 'AWS::KMS::Key',
    DeletionPolicy: 'RetainExceptOnCreate',
    UpdateReplacePolicy: 'Retain',
    Properties: { EnableKeyRotation: true },
  });
  expect(encryption.only('AWS::KMS::Alias')).toMatchObject({ AliasName: 'alias/support-production' });
});

test('admits log groups of this account and region, alarms and events of this account, and no other principal (CKV_AWS_33)', () => {
  const policy = encryption.only('AWS::KMS::Key')['KeyPolicy'] as { Statement: Record<string, unknown>[] };
  const logs = { 'Fn::Join': ['', ['logs.', { Ref: 'AWS::Region' }, '.amazonaws.com']] };
  expect(policy.Statement.map(({ Principal, Condition }) => ({ Principal, Condition }))).toEqual([
    { Principal: { AWS: expect.anything() as unknown }, Condition: undefined },
    {
      Principal: { Service: logs },
      Condition: { ArnLike: { 'kms:EncryptionContext:aws:logs:arn': expect.anything() as unknown } },
    },
    {
      Principal: { Service: ['cloudwatch.amazonaws.com', 'events.amazonaws.com'] },
      Condition: { StringEquals: { 'aws:SourceAccount': { Ref: 'AWS::AccountId' } } },
    },
  ]);
  expect(JSON.stringify(policy)).not.toContain('"AWS":"*"');
});

test('has nothing that cdk-nag finds', () => {
  expect(encryption.findings).toEqual([]);
  expect(encryption.acknowledged).toEqual([]);
});

test('a logical id that CloudFormation would refuse is refused, by the path of the construct', () => {
  expect(() => new EncryptionKey(new Stack(undefined, 'Test'), 'Key', { logicalId: 'my-key' })).toThrow(
    'Test/Key: logicalId "my-key" is not 1 to 255 letters and digits',
  );
});
