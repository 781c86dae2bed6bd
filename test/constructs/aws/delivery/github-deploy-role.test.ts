import { describe, expect, test } from 'vitest';
import { GithubDeployRole, type GithubDeployRoleProps } from '../../../../constructs/aws/index.js';
import { helpers, synthesizedStack } from '../../../support/synthesized-stack.js';

const subject = 'repo:acme/agent:environment:production';
const role = (props: Partial<GithubDeployRoleProps> = {}) =>
  synthesizedStack((stack) => {
    new GithubDeployRole(stack, 'Deploy', { subject, stackPrefix: 'support-agent-', ...props });
  });

interface Statement {
  readonly Action: string | readonly string[];
  readonly Resource: unknown;
  readonly Condition?: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
}

const made = role();
const own = 'arn:aws:iam::123456789012:role/support-agent-production-service-TaskRole-A1B2C3';
const serviceLinked = 'arn:aws:iam::123456789012:role/aws-service-role/ecs.amazonaws.com/AWSServiceRoleForECS';
const stack = 'arn:aws:cloudformation:us-east-1:123456789012:stack/support-agent-production-service/0a1b2c3d';

/** The statement that lets the role do something; conditions are for the caller to look at. */
function allowing(action: string, resource: string): Statement | undefined {
  const { Statement: all } = made.only('AWS::IAM::Policy')['PolicyDocument'] as { Statement: readonly Statement[] };
  return all.find(
    (statement) =>
      [statement.Action].flat().some((pattern) => matches(pattern, action)) &&
      [statement.Resource].flat().some((pattern) => matches(arnText(pattern), resource)),
  );
}

function matches(pattern: string, text: string): boolean {
  const source = pattern.split('*').map((part) => part.replaceAll(/[.\\^$+?()[\]{}|]/g, String.raw`\$&`));
  return new RegExp(`^${source.join('.*')}$`).test(text);
}

/** `Fn::Join` with the account and region that the ARNs of this test have. */
function arnText(value: unknown): string {
  if (typeof value === 'string') return value;
  const { 'Fn::Join': join, Ref } = value as { 'Fn::Join'?: [string, unknown[]]; Ref?: string };
  if (join !== undefined) return join[1].map(arnText).join(join[0]);
  const values: Record<string, string> = {
    'AWS::Partition': 'aws',
    'AWS::AccountId': '123456789012',
    'AWS::Region': 'us-east-1',
  };
  return values[Ref ?? ''] ?? `<${String(Ref)}>`;
}

test('is taken by one workflow of one repository: the subject is compared as it is', () => {
  expect(made.only('AWS::IAM::Role')['AssumeRolePolicyDocument']).toMatchObject({
    Statement: [
      {
        Action: 'sts:AssumeRoleWithWebIdentity',
        Condition: {
          StringEquals: {
            'token.actions.githubusercontent.com:aud': 'sts.amazonaws.com',
            'token.actions.githubusercontent.com:sub': subject,
          },
        },
      },
    ],
  });
});

test('makes the provider of GitHub, or takes the one that an account can have', () => {
  expect(made.only('AWS::IAM::OIDCProvider')).toMatchObject({
    Url: 'https://token.actions.githubusercontent.com',
    ClientIdList: ['sts.amazonaws.com'],
  });
  const providerArn = 'arn:aws:iam::123456789012:oidc-provider/token.actions.githubusercontent.com';
  const taken = role({ providerArn });
  expect(taken.all('AWS::IAM::OIDCProvider')).toEqual([]);
  expect(taken.only('AWS::IAM::Role')).toMatchObject({
    AssumeRolePolicyDocument: { Statement: [{ Principal: { Federated: providerArn } }] },
  });
});

describe('may do what each command calls', () => {
  const secret =
    'arn:aws:secretsmanager:us-east-1:123456789012:secret:agentctl/support-agent/production/secrets/KEY-a1b2c3';
  const state = 'arn:aws:s3:::agentctl-state-123456789012-us-east-1';
  const database = 'arn:aws:rds:us-east-1:123456789012:db:support-agent-production';
  const cluster = 'arn:aws:ecs:us-east-1:123456789012:cluster/support-agent-production';
  const task = 'arn:aws:ecs:us-east-1:123456789012:task/support-agent-production/0a1b2c3d';
  const key = 'arn:aws:kms:us-east-1:123456789012:key/0a1b2c3d';
  const logGroup = 'arn:aws:logs:us-east-1:123456789012:log-group:support-agent-production';
  const repository = 'arn:aws:ecr:us-east-1:123456789012:repository/support-agent-production';
  const calls: Readonly<Record<string, Readonly<Record<string, readonly string[]>>>> = {
    deploy: {
      [stack]: [
        'cloudformation:CreateChangeSet',
        'cloudformation:DescribeChangeSet',
        'cloudformation:ExecuteChangeSet',
        'cloudformation:DescribeStackEvents',
        'cloudformation:GetTemplate',
        'cloudformation:ListStackResources',
        'cloudformation:ContinueUpdateRollback',
        'cloudformation:UpdateTerminationProtection',
      ],
      [repository]: ['ecr:PutImage', 'ecr:InitiateLayerUpload', 'ecr:DescribeImages'],
      '*': ['ecr:GetAuthorizationToken', 'sts:GetCallerIdentity', 'cloudformation:DescribeStacks'],
      [`${state}/support-agent/production/lock.json`]: ['s3:GetObject', 's3:PutObject', 's3:DeleteObject'],
      [cluster]: ['ecs:DescribeServices', 'ecs:ListServiceDeployments', 'ecs:DescribeServiceDeployments'],
      [own]: ['iam:CreateRole', 'iam:PutRolePolicy', 'iam:AttachRolePolicy', 'iam:TagRole', 'iam:GetRole'],
      [key]: ['kms:Decrypt', 'kms:GenerateDataKey', 'kms:CreateGrant'],
    },
    secrets: {
      [secret]: [
        'secretsmanager:CreateSecret',
        'secretsmanager:PutSecretValue',
        'secretsmanager:GetSecretValue',
        'secretsmanager:UpdateSecretVersionStage',
        'secretsmanager:DeleteSecret',
        'secretsmanager:RestoreSecret',
        'secretsmanager:DescribeSecret',
      ],
      '*': ['secretsmanager:ListSecrets'],
    },
    'backup and restore': {
      [database]: [
        'rds:CreateDBSnapshot',
        'rds:DescribeDBSnapshots',
        'rds:RestoreDBInstanceFromDBSnapshot',
        'rds:ModifyDBInstance',
        'rds:DeleteDBInstance',
        'rds:DeleteDBSnapshot',
      ],
      [own]: ['iam:PassRole'],
    },
    run: {
      [cluster]: ['ecs:RunTask'],
      [task]: ['ecs:DescribeTasks', 'ecs:StopTask'],
      [own]: ['iam:PassRole'],
    },
    logs: {
      [logGroup]: ['logs:FilterLogEvents', 'logs:GetLogEvents', 'logs:DescribeLogStreams'],
    },
    doctor: {
      [serviceLinked]: ['iam:GetRole'],
      '*': ['servicequotas:GetServiceQuota', 'servicequotas:GetAWSDefaultServiceQuota', 'cloudwatch:DescribeAlarms'],
    },
    destroy: {
      [stack]: ['cloudformation:DeleteStack', 'cloudformation:UpdateTerminationProtection'],
      [own]: ['iam:DeleteRole', 'iam:DeleteRolePolicy', 'iam:DetachRolePolicy'],
      [repository]: ['ecr:BatchDeleteImage', 'ecr:DeleteRepository'],
      [`${state}/support-agent/production/releases/r1.json`]: ['s3:DeleteObject'],
    },
  };

  test.each(Object.keys(calls))('%s', (command) => {
    const refused = Object.entries(calls[command] ?? {}).flatMap(([resource, actions]) =>
      actions.filter((action) => allowing(action, resource) === undefined).map((action) => `${action} ${resource}`),
    );
    expect(refused).toEqual([]);
  });
});

describe('who may become what', () => {
  test('passes roles of the agent’s stacks to services that run them, and to no other', () => {
    const services = allowing('iam:PassRole', own)?.Condition?.['StringEquals']?.['iam:PassedToService'];
    expect(services).toEqual(expect.arrayContaining(['ecs-tasks.amazonaws.com', 'scheduler.amazonaws.com']));
    expect(services).not.toContain('ec2.amazonaws.com');
    expect(services).not.toContain('lambda.amazonaws.com');
    expect(services).not.toContain('cloudformation.amazonaws.com');
  });

  const others = 'arn:aws:iam::123456789012:role/Admin';
  test.each([
    ['iam:PassRole', others],
    ['iam:CreateRole', others],
    ['iam:PutRolePolicy', others],
    ['iam:AttachRolePolicy', others],
    ['iam:UpdateAssumeRolePolicy', others],
    ['iam:PutRolePolicy', serviceLinked],
    ['iam:CreateUser', 'arn:aws:iam::123456789012:user/support-agent-x'],
    ['iam:CreateAccessKey', 'arn:aws:iam::123456789012:user/support-agent-x'],
    ['iam:CreatePolicy', 'arn:aws:iam::123456789012:policy/other-x'],
    ['iam:AttachUserPolicy', 'arn:aws:iam::123456789012:user/support-agent-x'],
    ['sts:AssumeRole', others],
    ['lambda:CreateFunction', '*'],
    ['cloudformation:DeleteStack', 'arn:aws:cloudformation:us-east-1:123456789012:stack/other-production/0a1b'],
    ['cloudformation:UpdateStack', 'arn:aws:cloudformation:us-east-1:123456789012:stack/agentctl-bootstrap/0a1b'],
  ])('may not %s %s', (action, resource) => {
    expect(allowing(action, resource)).toBeUndefined();
  });

  test('services are allowed in its own account only', () => {
    expect(allowing('s3:GetObject', 'arn:aws:s3:::somebody/else')?.Condition).toEqual({
      StringEqualsIfExists: { 'aws:ResourceAccount': { Ref: 'AWS::AccountId' } },
    });
  });
});

test('with a path its roles and policies are told by that, as CloudFormation cuts long names', () => {
  const { Statement: all } = role({ rolePath: '/agentctl/support-agent/' }).only('AWS::IAM::Policy')[
    'PolicyDocument'
  ] as { Statement: readonly (Statement & { readonly Sid: string })[] };
  const resources = Object.fromEntries(all.map(({ Sid, Resource }) => [Sid, [Resource].flat().map(arnText)]));
  const own = 'arn:aws:iam::123456789012:role/agentctl/support-agent/*';
  expect(resources).toMatchObject({
    Roles: [own],
    PassRoles: [own, 'arn:aws:iam::123456789012:role/aws-service-role/*'],
    Policies: ['arn:aws:iam::123456789012:policy/agentctl/support-agent/*'],
  });
});

test('every wildcard has a reason, and nothing runs behind the scenes', () => {
  expect(made.findings).toEqual([]);
  expect(made.acknowledged.every((id) => id.startsWith('AwsSolutions-IAM5['))).toBe(true);
  expect(helpers(made)).toEqual([]);
});

test.each<[Partial<GithubDeployRoleProps>, string]>([
  [{ subject: 'repo:acme/*:ref:refs/heads/main' }, 'subject is "repo:acme/*'],
  [{ subject: 'repo:acme/agent:*' }, 'subject is "repo:acme/agent:*"'],
  [{ subject: 'repo:acme/agent' }, 'subject is "repo:acme/agent"'],
  [{ subject: '*' }, 'subject is "*"'],
  [{ stackPrefix: '' }, 'stackPrefix is ""'],
  [{ stackPrefix: '*' }, 'stackPrefix is "*"'],
  [{ rolePath: '/' }, 'rolePath is "/"'],
  [{ rolePath: '/*/' }, 'rolePath is "/*/"'],
])('%j is refused, by the path of the construct', (props, message) => {
  expect(() => role(props)).toThrow(`Test/Deploy: ${message}`);
});
