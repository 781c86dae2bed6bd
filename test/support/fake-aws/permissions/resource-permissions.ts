import type { FakeWorld } from '../fake-world.js';
import type { Properties } from '../resource-type.js';
import { passRoles, roleArn } from './call-permissions.js';
import type { PermissionRequest } from './evaluate-policies.js';

/** What CloudFormation does with a resource. */
export interface ResourceWork {
  readonly type: string;
  readonly action: 'create' | 'update' | 'delete';
  readonly properties: Properties;
  /** Its name, or what its name will be like. */
  readonly name: string;
}

/** Prefixes of actions that are not the namespace of the resource type in lower case. */
const prefixes: Readonly<Record<string, string>> = {
  ElasticLoadBalancingV2: 'elasticloadbalancing',
  ApplicationAutoScaling: 'application-autoscaling',
  OpenSearchService: 'es',
  CertificateManager: 'acm',
  AmazonMQ: 'mq',
};

/** Of the handlers of the resource types (`handlers` in their schemas), as far as they differ from one agent to another. */
const roleActions = {
  create: ['CreateRole', 'GetRole', 'TagRole'],
  update: ['GetRole', 'TagRole', 'UntagRole', 'UpdateRole', 'UpdateRoleDescription', 'UpdateAssumeRolePolicy'],
  delete: [
    'DeleteRole',
    'GetRole',
    'ListAttachedRolePolicies',
    'ListRolePolicies',
    'DetachRolePolicy',
    'DeleteRolePolicy',
  ],
} as const;
const policyActions = {
  create: ['CreatePolicy', 'GetPolicy'],
  update: ['CreatePolicyVersion', 'DeletePolicyVersion', 'GetPolicy', 'ListPolicyVersions'],
  delete: ['DeletePolicy', 'DeletePolicyVersion', 'GetPolicy', 'ListPolicyVersions', 'ListEntitiesForPolicy'],
} as const;

/** What whoever deploys a stack has to be allowed for one of its resources: CloudFormation acts in their name. */
export function permissionsOfResource(world: FakeWorld, work: ResourceWork): readonly PermissionRequest[] {
  const { type, action, properties, name } = work;
  const [, namespace = '', kind = ''] = type.split('::');
  const path = typeof properties['Path'] === 'string' ? properties['Path'] : '/';
  const roles = ((properties['Roles'] ?? []) as readonly string[]).map((role) => roleArn(world, role));
  const onRoles = (verb: string): readonly PermissionRequest[] =>
    roles.map((resource) => ({ action: `iam:${verb}`, resource }));
  switch (type) {
    case 'AWS::IAM::Role': {
      const resource = action === 'create' ? world.arn('iam', `role${path}${name}`) : roleArn(world, name);
      const more = [
        ...(properties['ManagedPolicyArns'] === undefined ? [] : ['AttachRolePolicy']),
        ...(properties['Policies'] === undefined ? [] : ['PutRolePolicy']),
        ...(properties['PermissionsBoundary'] === undefined ? [] : ['PutRolePermissionsBoundary']),
      ];
      return [...roleActions[action], ...more].map((verb) => ({ action: `iam:${verb}`, resource }));
    }
    case 'AWS::IAM::Policy':
      return onRoles(action === 'delete' ? 'DeleteRolePolicy' : 'PutRolePolicy');
    case 'AWS::IAM::ManagedPolicy': {
      const resource = action === 'create' ? world.arn('iam', `policy${path}${name}`) : name;
      return [
        ...policyActions[action].map((verb) => ({ action: `iam:${verb}`, resource })),
        ...onRoles(action === 'delete' ? 'DetachRolePolicy' : 'AttachRolePolicy'),
      ];
    }
    default: {
      const verb = { create: 'Create', update: 'Update', delete: 'Delete' }[action];
      const own = { action: `${prefixes[namespace] ?? namespace.toLowerCase()}:${verb}${kind}`, resource: '*' };
      return [own, ...(action === 'delete' ? [] : passedBy(type, properties))];
    }
  }
}

/** Roles that a resource is given. */
function passedBy(type: string, properties: Properties): readonly PermissionRequest[] {
  const within = (name: string): Properties => (properties[name] ?? {}) as Properties;
  switch (type) {
    case 'AWS::ECS::TaskDefinition':
      return passRoles([properties['TaskRoleArn'], properties['ExecutionRoleArn']], 'ecs-tasks.amazonaws.com');
    case 'AWS::Scheduler::Schedule':
      return passRoles([within('Target')['RoleArn']], 'scheduler.amazonaws.com');
    case 'AWS::Backup::BackupSelection':
      return passRoles([within('BackupSelection')['IamRoleArn']], 'backup.amazonaws.com');
    case 'AWS::EC2::FlowLog':
      return passRoles([properties['DeliverLogsPermissionArn']], 'vpc-flow-logs.amazonaws.com');
    case 'AWS::RDS::DBInstance':
      return passRoles([properties['MonitoringRoleArn']], 'monitoring.rds.amazonaws.com');
    default:
      return [];
  }
}
