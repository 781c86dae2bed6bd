import * as iam from 'aws-cdk-lib/aws-iam';
import * as s3 from 'aws-cdk-lib/aws-s3';
import { Duration } from 'aws-cdk-lib/core';
import { describe, expect, test } from 'vitest';
import { BackupBucket, type BackupBucketProps } from '../../../../constructs/aws/index.js';
import { helpers, keyArn, surroundings, synthesizedStack } from '../../../support/synthesized-stack.js';

const backups = (props: Partial<BackupBucketProps> = {}) =>
  synthesizedStack((stack) => {
    const bucket = new BackupBucket(stack, 'Backups', { encryptionKey: surroundings(stack).encryptionKey, ...props });
    const role = (id: string) =>
      new iam.Role(stack, id, { assumedBy: new iam.ServicePrincipal('ecs-tasks.amazonaws.com') });
    bucket.grantDump(role('Dump'), 'app');
    bucket.grantRestore(role('Restore'), 'app');
  });

describe('with nothing but what has to be given', () => {
  const stack = backups();
  const bucket = stack.resources['Backups']?.Properties ?? {};

  test('keeps dumps for 30 days, and what was overwritten or broke off for less', () => {
    expect(bucket['LifecycleConfiguration']).toEqual({
      Rules: [
        {
          Id: 'OldDumps',
          Status: 'Enabled',
          ExpirationInDays: 30,
          NoncurrentVersionExpiration: { NoncurrentDays: 7 },
          AbortIncompleteMultipartUpload: { DaysAfterInitiation: 1 },
        },
      ],
    });
  });

  test('is private, versioned and encrypted with the key of the customer (CKV_AWS_19, CKV_AWS_21, CKV_AWS_53 to 56, CT.S3.PR.1, PR.6, AWS-0086 to 0094, 0132)', () => {
    expect(bucket).toMatchObject({
      PublicAccessBlockConfiguration: {
        BlockPublicAcls: true,
        BlockPublicPolicy: true,
        IgnorePublicAcls: true,
        RestrictPublicBuckets: true,
      },
      VersioningConfiguration: { Status: 'Enabled' },
      BucketEncryption: {
        ServerSideEncryptionConfiguration: [
          {
            ServerSideEncryptionByDefault: { SSEAlgorithm: 'aws:kms', KMSMasterKeyID: keyArn },
            BucketKeyEnabled: true,
          },
        ],
      },
      OwnershipControls: { Rules: [{ ObjectOwnership: 'BucketOwnerEnforced' }] },
    });
  });

  test('both buckets speak TLS only, the access logs go to the other one (AwsSolutions-S1, S10, CKV_AWS_18, CT.S3.PR.8)', () => {
    const policies = stack.all('AWS::S3::BucketPolicy').map((policy) => JSON.stringify(policy));
    expect(policies).toHaveLength(2);
    for (const policy of policies) expect(policy).toContain('"Condition":{"Bool":{"aws:SecureTransport":"false"}}');
    expect(bucket['LoggingConfiguration']).toMatchObject({
      DestinationBucketName: { Ref: expect.stringMatching(/^BackupsAccessLogs/) },
    });
  });

  test('is kept when the stack goes, under a fixed logical id', () => {
    expect(stack.resources['Backups']).toMatchObject({
      DeletionPolicy: 'RetainExceptOnCreate',
      UpdateReplacePolicy: 'Retain',
    });
  });

  test('who dumps may write dumps of one database, who restores may read them, neither has a wildcard', () => {
    const statements = stack
      .all('AWS::IAM::Policy')
      .map((policy) => (policy['PolicyDocument'] as { Statement: unknown }).Statement);
    const Resource = { 'Fn::Join': ['', [{ 'Fn::GetAtt': ['Backups', 'Arn'] }, '/dumps/app/????????T??????Z.dump']] };
    expect(statements).toMatchObject([
      [
        { Action: ['s3:AbortMultipartUpload', 's3:DeleteObject', 's3:PutObject'], Resource },
        { Action: ['kms:Decrypt', 'kms:GenerateDataKey'], Resource: keyArn },
      ],
      [
        { Action: 's3:GetObject', Resource },
        { Action: 'kms:Decrypt', Resource: keyArn },
      ],
    ]);
  });

  test('has no helper function and nothing that cdk-nag finds', () => {
    expect(helpers(stack)).toEqual([]);
    expect(stack.findings).toEqual([]);
    expect(stack.acknowledged).toEqual([]);
  });
});

test('access logs go where they are told to', () => {
  const stack = synthesizedStack((stack) => {
    const accessLogsBucket = new s3.Bucket(stack, 'Logs', { enforceSSL: true });
    new BackupBucket(stack, 'Backups', { encryptionKey: surroundings(stack).encryptionKey, accessLogsBucket });
  });
  expect(stack.all('AWS::S3::Bucket')).toHaveLength(2);
  expect(stack.resources['Backups']?.Properties?.['LoggingConfiguration']).toMatchObject({
    DestinationBucketName: { Ref: expect.stringMatching(/^Logs/) },
    LogFilePrefix: 'backups/',
  });
});

test('a retention that is not whole days is refused, by the path of the construct', () => {
  expect(() => backups({ retention: Duration.hours(36) })).toThrow('Test/Backups: retention of 1 day 12 hours is not');
});
