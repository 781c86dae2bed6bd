import { CloudFormation } from '@aws-sdk/client-cloudformation';
import { S3 } from '@aws-sdk/client-s3';
import { expect, test } from 'vitest';
import { credentials } from '../support/fake-aws/credentials.js';
import { fakeForTest } from '../support/fake-aws/fake-for-test.js';
import { isAllowed, type PolicyDocument } from '../support/fake-aws/permissions/evaluate-policies.js';
import { permissions } from '../support/fake-aws/permissions/permissions.js';
import { cloudFormationState } from '../support/fake-aws/services/cloudformation/cloudformation-state.js';
import { iamState } from '../support/fake-aws/services/iam/iam-state.js';

const document: PolicyDocument = {
  Statement: [
    { Effect: 'Allow', Action: ['s3:Get*', 's3:PutObject'], Resource: 'arn:aws:s3:::state/*' },
    { Effect: 'Deny', Action: 's3:*', Resource: 'arn:aws:s3:::state/secret-?' },
    {
      Effect: 'Allow',
      Action: 'iam:PassRole',
      Resource: 'arn:aws:iam::1:role/a/*',
      Condition: { StringEquals: { 'iam:PassedToService': ['ecs-tasks.amazonaws.com'] } },
    },
    { Effect: 'Allow', Action: 'rds:*', Resource: '*', Condition: { IpAddress: { 'aws:SourceIp': '10.0.0.0/8' } } },
  ],
};

test.each([
  ['s3:GetObject', 'arn:aws:s3:::state/x/y', {}, true],
  ['S3:getobject', 'arn:aws:s3:::state/x', {}, true],
  ['s3:DeleteObject', 'arn:aws:s3:::state/x', {}, false],
  ['s3:GetObject', 'arn:aws:s3:::state.x', {}, false],
  ['s3:GetObject', 'arn:aws:s3:::state/secret-1', {}, false],
  ['s3:GetObject', 'arn:aws:s3:::state/secret-12', {}, true],
  ['iam:PassRole', 'arn:aws:iam::1:role/a/b', { 'iam:PassedToService': 'ecs-tasks.amazonaws.com' }, true],
  ['iam:PassRole', 'arn:aws:iam::1:role/a/b', { 'iam:PassedToService': 'ec2.amazonaws.com' }, false],
  ['iam:PassRole', 'arn:aws:iam::1:role/a/b', {}, false],
  ['rds:CreateDBInstance', '*', {}, false],
] as const)('%s on %s with %j is allowed: %s', (action, resource, context, expected) => {
  expect(isAllowed([document], { action, resource, context })).toBe(expected);
});

test('a role may do what its policies allow, and CloudFormation no more in its name', async () => {
  const fake = await fakeForTest();
  const role = fake.world.state(iamState).addRole('deployer', '{}');
  const allow = (Action: string, Resource: string) => ({ Effect: 'Allow', Action, Resource });
  const Statement = [allow('cloudformation:*', '*'), allow('sns:*', '*'), allow('iam:*', '*:role/own/*')];
  role.inlinePolicies.set('own', JSON.stringify({ Statement }));
  fake.world.state(permissions).evaluate(role.arn);
  const own = { ...fake.client, credentials: fake.world.state(credentials).issue(role.arn, 'ASIA') };

  await expect(new S3(own).listObjectsV2({ Bucket: 'state' })).rejects.toMatchObject({
    name: 'AccessDenied',
    message: `User: ${role.arn} is not authorized to perform: s3:ListBucket on resource: arn:aws:s3:::state because no identity-based policy allows the s3:ListBucket action`,
  });
  const template = (Path: string): string =>
    JSON.stringify({
      Resources: {
        Topic: { Type: 'AWS::SNS::Topic' },
        Role: { Type: 'AWS::IAM::Role', Properties: { Path, AssumeRolePolicyDocument: {} } },
      },
    });
  const cloudFormation = new CloudFormation(own);
  const made = { Capabilities: ['CAPABILITY_IAM' as const], OnFailure: 'DO_NOTHING' as const };
  await cloudFormation.createStack({ ...made, StackName: 'good', TemplateBody: template('/own/') });
  await cloudFormation.createStack({ ...made, StackName: 'bad', TemplateBody: template('/') });
  await fake.idle();
  const { stacks } = fake.world.state(cloudFormationState);
  const found = [...stacks.values()];
  expect(found.map(({ name, status }) => [name, status])).toEqual([
    ['good', 'CREATE_COMPLETE'],
    ['bad', 'CREATE_FAILED'],
  ]);
  expect(found[1]?.events.map(({ ResourceStatusReason }) => ResourceStatusReason).join('\n')).toContain(
    `User: ${role.arn} is not authorized to perform: iam:CreateRole`,
  );
});
