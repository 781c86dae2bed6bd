import { expect, test } from 'vitest';
import { AgentctlBootstrap } from '../../../../constructs/aws/index.js';
import { helpers, synthesizedStack } from '../../../support/synthesized-stack.js';

const made = synthesizedStack((stack) => new AgentctlBootstrap(stack, 'Bootstrap'));
const { resources, template } = made;

test('the state bucket is named for account and region, versioned, encrypted with its key, and kept', () => {
  expect(resources['StateBucket']).toMatchObject({
    Type: 'AWS::S3::Bucket',
    DeletionPolicy: 'Retain',
    UpdateReplacePolicy: 'Retain',
    Properties: {
      BucketName: { 'Fn::Join': ['', ['agentctl-state-', { Ref: 'AWS::AccountId' }, '-', { Ref: 'AWS::Region' }]] },
      VersioningConfiguration: { Status: 'Enabled' },
      BucketEncryption: {
        ServerSideEncryptionConfiguration: [
          { BucketKeyEnabled: true, ServerSideEncryptionByDefault: { SSEAlgorithm: 'aws:kms' } },
        ],
      },
      PublicAccessBlockConfiguration: { BlockPublicAcls: true, RestrictPublicBuckets: true },
    },
  });
  expect(JSON.stringify(made.only('AWS::S3::BucketPolicy'))).toContain('"aws:SecureTransport":"false"');
});

test('old versions go after 90 days, templates after 30', () => {
  expect(resources['StateBucket']?.Properties?.['LifecycleConfiguration']).toMatchObject({
    Rules: [{ NoncurrentVersionExpiration: { NoncurrentDays: 90 } }, { Prefix: 'templates/', ExpirationInDays: 30 }],
  });
});

test('the key is rotated, kept, and found by its alias', () => {
  expect(resources['Key']).toMatchObject({ DeletionPolicy: 'Retain', Properties: { EnableKeyRotation: true } });
  expect(made.only('AWS::KMS::Alias')).toMatchObject({ AliasName: 'alias/agentctl' });
});

test('exports what other stacks ask for', () => {
  expect(template.Outputs).toMatchObject({
    StateBucketName: { Value: { Ref: 'StateBucket' }, Export: { Name: 'agentctl-state-bucket' } },
    KeyArn: { Value: { 'Fn::GetAtt': ['Key', 'Arn'] }, Export: { Name: 'agentctl-key-arn' } },
    GithubDeployRoleArn: { Condition: 'GithubWanted' },
  });
});

test('the role of GitHub is there on request only, and its provider when the account has none', () => {
  expect(Object.keys(template.Parameters)).toEqual(
    expect.arrayContaining(['GithubSubject', 'StackPrefix', 'RolePath', 'GithubProviderArn']),
  );
  const conditional = Object.values(resources).flatMap(({ Type, Condition }) =>
    Condition === undefined ? [] : [[Type, Condition]],
  );
  expect(Object.fromEntries(conditional)).toEqual({
    'AWS::IAM::OIDCProvider': 'GithubProviderWanted',
    'AWS::IAM::Policy': 'GithubWanted',
    'AWS::IAM::Role': 'GithubWanted',
  });
  expect(template.Conditions).toMatchObject({
    GithubWanted: { 'Fn::Not': [{ 'Fn::Equals': [{ Ref: 'GithubSubject' }, ''] }] },
  });
});

test('has nothing that cdk-nag finds, and no helper', () => {
  expect(made.findings).toEqual([]);
  expect(made.acknowledged.filter((id) => !id.startsWith('AwsSolutions-IAM5['))).toEqual(['AwsSolutions-S1']);
  expect(helpers(made)).toEqual([]);
});
