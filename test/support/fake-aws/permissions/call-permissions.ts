import type { FakeWorld } from '../fake-world.js';
import { ecsState } from '../services/ecs/ecs-state.js';
import { iamState } from '../services/iam/iam-state.js';
import type { PermissionRequest } from './evaluate-policies.js';

type Input = Readonly<Record<string, unknown>>;

/** Prefixes of actions that are not the name in signatures (Service Authorization Reference). */
const prefixes: Readonly<Record<string, string>> = { monitoring: 'cloudwatch', tagging: 'tag' };

/** Operations of S3 whose action has another name (S3 user guide, "Required permissions for Amazon S3 API operations"). */
const s3Actions: Readonly<Record<string, string>> = {
  HeadObject: 'GetObject',
  CopyObject: 'PutObject',
  CreateMultipartUpload: 'PutObject',
  UploadPart: 'PutObject',
  CompleteMultipartUpload: 'PutObject',
  DeleteObjects: 'DeleteObject',
  HeadBucket: 'ListBucket',
  ListObjectsV2: 'ListBucket',
  ListObjectVersions: 'ListBucketVersions',
  GetBucketEncryption: 'GetEncryptionConfiguration',
};

/** What a call has to be allowed. */
export function permissionsOfCall(
  world: FakeWorld,
  service: string,
  operation: string,
  input: Input,
): readonly PermissionRequest[] {
  // Nobody has to be allowed to ask who he is (STS API reference, GetCallerIdentity).
  if (operation === 'GetCallerIdentity') return [];
  const own = service === 's3' ? (s3Actions[operation] ?? operation) : operation;
  const action = `${prefixes[service] ?? service}:${own}`;
  const resource = resourceOf(world, service, input);
  return [{ action, resource, context: { 'aws:ResourceAccount': world.accountId } }, ...passed(world, service, input)];
}

/** Only where policies tell resources apart. */
function resourceOf(world: FakeWorld, service: string, input: Input): string {
  if (service === 'cloudformation' && typeof input['StackName'] === 'string') {
    return stackArn(world, input['StackName']);
  }
  if (service === 'iam' && typeof input['RoleName'] === 'string') return roleArn(world, input['RoleName']);
  if (service === 's3' && typeof input['Bucket'] === 'string') {
    return world.arn('s3', [input['Bucket'], input['Key']].filter((part) => part !== undefined).join('/'));
  }
  return '*';
}

/** A name as CloudFormation completes it. */
export function stackArn(world: FakeWorld, nameOrArn: string): string {
  return nameOrArn.startsWith('arn:') ? nameOrArn : world.arn('cloudformation', `stack/${nameOrArn}/0`);
}

/** Of a role that is there; otherwise as if it had no path, but service-linked ones, which have one by their name. */
export function roleArn(world: FakeWorld, name: string): string {
  const known = world.state(iamState).roles.get(name);
  if (known !== undefined) return known.arn;
  const path = name.startsWith('AWSServiceRoleFor') ? 'aws-service-role/service.amazonaws.com/' : '';
  return world.arn('iam', `role/${path}${name}`);
}

/** Who starts a task gives it its roles. */
function passed(world: FakeWorld, service: string, { taskDefinition }: Input): readonly PermissionRequest[] {
  if (service !== 'ecs' || typeof taskDefinition !== 'string') return [];
  const definition = world.state(ecsState).taskDefinitions.find(taskDefinition);
  return passRoles([definition.taskRoleArn, definition.executionRoleArn], 'ecs-tasks.amazonaws.com');
}

/** Pure: roles are handed to a service. */
export function passRoles(roles: readonly unknown[], service: string): readonly PermissionRequest[] {
  return roles.flatMap((role) =>
    typeof role === 'string'
      ? [{ action: 'iam:PassRole', resource: role, context: { 'iam:PassedToService': service } }]
      : [],
  );
}
