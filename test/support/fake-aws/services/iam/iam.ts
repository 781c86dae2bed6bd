import * as client from '@aws-sdk/client-iam';
import type { FakeService } from '../../fake-service.js';
import { ServiceError } from '../../service-error.js';
import { iamState, type FakeRole } from './iam-state.js';

/** Roles, service-linked roles, OpenID providers. No policy is evaluated: `fail({ kind: 'denied' })` stands in for that. */
export const iam: FakeService = {
  name: 'iam',
  protocol: 'query',
  client,
  operations: (world) => {
    const state = world.state(iamState);
    const found = (name = ''): FakeRole => {
      const role = state.roles.get(name);
      if (role !== undefined) return role;
      throw new ServiceError('NoSuchEntity', `The role with name ${name} cannot be found.`, { status: 404 });
    };
    const add = (name: string, policy: string, path?: string): FakeRole => {
      if (state.roles.has(name)) {
        throw new ServiceError('EntityAlreadyExists', `Role with name ${name} already exists.`, { status: 409 });
      }
      return state.addRole(name, policy, path);
    };
    return {
      GetRole: ({ RoleName }: client.GetRoleCommandInput) => ({ Role: roleView(found(RoleName)) }),
      ListRoles: ({ PathPrefix = '/' }: client.ListRolesCommandInput) => ({
        Roles: [...state.roles.values()].filter(({ path }) => path.startsWith(PathPrefix)).map(roleView),
        IsTruncated: false,
      }),
      CreateRole: ({ RoleName = '', AssumeRolePolicyDocument = '', Path }: client.CreateRoleCommandInput) => ({
        Role: roleView(add(RoleName, AssumeRolePolicyDocument, Path)),
      }),
      DeleteRole({ RoleName = '' }: client.DeleteRoleCommandInput) {
        state.roles.delete(found(RoleName).name);
      },
      PutRolePolicy({ RoleName, PolicyName = '', PolicyDocument = '' }: client.PutRolePolicyCommandInput) {
        found(RoleName).inlinePolicies.set(PolicyName, PolicyDocument);
      },
      AttachRolePolicy({ RoleName, PolicyArn = '' }: client.AttachRolePolicyCommandInput) {
        found(RoleName).attachedPolicies.add(PolicyArn);
      },
      ListAttachedRolePolicies: ({ RoleName }: client.ListAttachedRolePoliciesCommandInput) => ({
        AttachedPolicies: [...found(RoleName).attachedPolicies].map((arn) => ({
          PolicyArn: arn,
          PolicyName: arn.split('/').at(-1),
        })),
        IsTruncated: false,
      }),
      ListRolePolicies: ({ RoleName }: client.ListRolePoliciesCommandInput) => ({
        PolicyNames: [...found(RoleName).inlinePolicies.keys()],
        IsTruncated: false,
      }),
      CreateServiceLinkedRole({ AWSServiceName = '' }: client.CreateServiceLinkedRoleCommandInput) {
        const name = serviceLinkedRoles[AWSServiceName];
        if (name === undefined)
          throw new ServiceError('InvalidInput', `Service role for ${AWSServiceName} is not known`);
        if (state.roles.has(name)) {
          throw new ServiceError('InvalidInput', `Service role name ${name} has been taken in this account`);
        }
        return { Role: roleView(state.addRole(name, '{}', `/aws-service-role/${AWSServiceName}/`)) };
      },
      ListOpenIDConnectProviders: () => ({
        OpenIDConnectProviderList: [...state.oidcProviders.keys()].map((Arn) => ({ Arn })),
      }),
    };
  },
};

/** Names that services give their roles (IAM user guide, "Services that work with IAM"). */
const serviceLinkedRoles: Readonly<Record<string, string>> = {
  'ecs.amazonaws.com': 'AWSServiceRoleForECS',
  'ecs.application-autoscaling.amazonaws.com': 'AWSServiceRoleForApplicationAutoScaling_ECSService',
  'elasticloadbalancing.amazonaws.com': 'AWSServiceRoleForElasticLoadBalancing',
  'rds.amazonaws.com': 'AWSServiceRoleForRDS',
  'elasticache.amazonaws.com': 'AWSServiceRoleForElastiCache',
  'es.amazonaws.com': 'AWSServiceRoleForAmazonElasticsearchService',
  'opensearchservice.amazonaws.com': 'AWSServiceRoleForAmazonOpenSearchService',
  'mq.amazonaws.com': 'AWSServiceRoleForAmazonMQ',
  'backup.amazonaws.com': 'AWSServiceRoleForBackup',
};

function roleView(role: FakeRole): client.Role {
  return {
    RoleName: role.name,
    Arn: role.arn,
    RoleId: role.id,
    Path: role.path,
    CreateDate: role.createdAt,
    AssumeRolePolicyDocument: encodeURIComponent(role.trustPolicy),
  };
}
