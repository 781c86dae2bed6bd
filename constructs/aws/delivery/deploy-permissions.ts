import * as iam from 'aws-cdk-lib/aws-iam';
import { ArnFormat, Stack, Token } from 'aws-cdk-lib/core';
import type { Construct } from 'constructs';

/** Services whose resources CloudFormation makes in the name of who deploys. */
const provisioned = [
  'acm',
  'application-autoscaling',
  'backup',
  'backup-storage',
  'cloudwatch',
  'ec2',
  'ecr',
  'ecs',
  'elasticache',
  'elasticloadbalancing',
  'es',
  'events',
  'kms',
  'logs',
  'mq',
  'rds',
  'route53',
  's3',
  'scheduler',
  'secretsmanager',
  'servicediscovery',
  'sns',
  'sqs',
  'ssm',
  'wafv2',
] as const;

/** IAM calls that a template with roles needs. */
const roleActions = [
  'iam:AttachRolePolicy',
  'iam:CreateRole',
  'iam:DeleteRole',
  'iam:DeleteRolePermissionsBoundary',
  'iam:DeleteRolePolicy',
  'iam:DetachRolePolicy',
  'iam:GetRole',
  'iam:GetRolePolicy',
  'iam:ListAttachedRolePolicies',
  'iam:ListRolePolicies',
  'iam:PutRolePermissionsBoundary',
  'iam:PutRolePolicy',
  'iam:TagRole',
  'iam:UntagRole',
  'iam:UpdateAssumeRolePolicy',
  'iam:UpdateRole',
  'iam:UpdateRoleDescription',
] as const;

/** IAM calls that a template with managed policies needs. */
const policyActions = [
  'iam:CreatePolicy',
  'iam:CreatePolicyVersion',
  'iam:DeletePolicy',
  'iam:DeletePolicyVersion',
  'iam:GetPolicy',
  'iam:GetPolicyVersion',
  'iam:ListEntitiesForPolicy',
  'iam:ListPolicyVersions',
  'iam:SetDefaultPolicyVersion',
  'iam:TagPolicy',
  'iam:UntagPolicy',
] as const;

/** What is the agent's. */
export interface DeployScope {
  /** What the names of the agent's stacks begin with, such as `support-agent-`. */
  readonly stackPrefix: string;
  /** The path of its roles and policies, such as `/agentctl/support-agent/`. @default - their names begin with `stackPrefix` */
  readonly rolePath?: string | undefined;
}

/**
 * What agentctl calls from its own name and through CloudFormation. Services are allowed as a whole, because a template may
 * have any of their resources; who may become what is not: roles are made and passed only under the agent's own path or
 * name, and only to the services that run tasks, schedules and backups.
 */
export function deployPermissions(
  scope: Construct,
  { stackPrefix, rolePath }: DeployScope,
): readonly iam.PolicyStatement[] {
  const stack = Stack.of(scope);
  const identities = (resource: 'role' | 'policy'): string =>
    stack.formatArn({
      service: 'iam',
      region: '',
      resource: `${resource}${rolePath ?? `/${stackPrefix}`}*`,
      arnFormat: ArnFormat.NO_RESOURCE_NAME,
    });
  const roles = identities('role');
  const serviceLinked = stack.formatArn({
    service: 'iam',
    region: '',
    resource: 'role',
    resourceName: 'aws-service-role/*',
  });
  const stacks = stack.formatArn({
    service: 'cloudformation',
    resource: 'stack',
    resourceName: `${stackPrefix}*/*`,
    arnFormat: ArnFormat.SLASH_RESOURCE_NAME,
  });
  return [
    new iam.PolicyStatement({ sid: 'Stacks', actions: ['cloudformation:*'], resources: [stacks] }),
    new iam.PolicyStatement({
      sid: 'ReadStacks',
      actions: [
        'cloudformation:DescribeStacks',
        'cloudformation:GetTemplateSummary',
        'cloudformation:ListExports',
        'cloudformation:ListImports',
        'cloudformation:ValidateTemplate',
        'servicequotas:GetAWSDefaultServiceQuota',
        'servicequotas:GetServiceQuota',
        'sts:GetCallerIdentity',
        'tag:GetResources',
      ],
      resources: ['*'],
    }),
    new iam.PolicyStatement({
      sid: 'Resources',
      actions: provisioned.map((service) => `${service}:*`),
      resources: ['*'],
      // Some calls have no resource, so no account of one.
      conditions: { StringEqualsIfExists: { 'aws:ResourceAccount': stack.account } },
    }),
    new iam.PolicyStatement({ sid: 'Roles', actions: [...roleActions], resources: [roles] }),
    new iam.PolicyStatement({ sid: 'Policies', actions: [...policyActions], resources: [identities('policy')] }),
    new iam.PolicyStatement({
      sid: 'PassRoles',
      actions: ['iam:PassRole'],
      resources: [roles, serviceLinked],
      conditions: {
        StringEquals: {
          'iam:PassedToService': [
            'application-autoscaling.amazonaws.com',
            'backup.amazonaws.com',
            'ecs-tasks.amazonaws.com',
            'ecs.amazonaws.com',
            'monitoring.rds.amazonaws.com',
            'scheduler.amazonaws.com',
            'ssm.amazonaws.com',
            'vpc-flow-logs.amazonaws.com',
          ],
        },
      },
    }),
    new iam.PolicyStatement({
      sid: 'ServiceLinkedRoles',
      // `doctor` asks whether they are there.
      actions: ['iam:CreateServiceLinkedRole', 'iam:GetRole'],
      resources: [serviceLinked],
    }),
  ];
}

/** What cdk-nag finds in them, in its words; a CloudFormation parameter is a name in angle brackets there. */
export function deployWildcards({ stackPrefix, rolePath }: DeployScope): readonly string[] {
  const prefix = shown(stackPrefix, 'StackPrefix');
  const identities = rolePath === undefined ? `/${prefix}` : shown(rolePath, 'RolePath');
  const iamArn = 'Resource::arn:<AWS::Partition>:iam::<AWS::AccountId>:';
  return [
    ...['cloudformation', ...provisioned].map((service) => `Action::${service}:*`),
    'Resource::*',
    `Resource::arn:<AWS::Partition>:cloudformation:<AWS::Region>:<AWS::AccountId>:stack/${prefix}*/*`,
    `${iamArn}role${identities}*`,
    `${iamArn}policy${identities}*`,
    `${iamArn}role/aws-service-role/*`,
  ];
}

function shown(text: string, parameter: string): string {
  return Token.isUnresolved(text) ? `<${parameter}>` : text;
}
