import { expect, test } from 'vitest';
import { dumpImage } from '../../../../constructs/aws/backup/dump-command.js';
import { searchProxyImage } from '../../../../constructs/aws/service/search-proxy.js';
import { policyFindings, templateRules, type TemplateResource } from '../../../../stacks/aws/policy/index.js';

const digest = `sha256:${'a'.repeat(64)}`;
const container = (more: object): TemplateResource => ({
  Type: 'AWS::ECS::TaskDefinition',
  Properties: { ContainerDefinitions: [{ Name: 'app', Image: `host/app@${digest}`, ...more }] },
});
const group = (rule: object): TemplateResource => ({
  Type: 'AWS::EC2::SecurityGroup',
  Properties: { SecurityGroupIngress: [rule] },
});
const kept = { DeletionPolicy: 'Retain', UpdateReplacePolicy: 'Retain' };
const database = (properties: object): TemplateResource => ({
  Type: 'AWS::RDS::DBInstance',
  ...kept,
  Properties: { DeletionProtection: true, ...properties },
});

test.each<{ resource: TemplateResource; finds: readonly string[] }>([
  { resource: { Type: 'AWS::SNS::Topic' }, finds: [] },
  { resource: { Type: 'AWS::Lambda::Function' }, finds: ['no-lambda'] },
  { resource: { Type: 'Custom::VpcRestrictDefaultSG' }, finds: ['no-lambda'] },
  { resource: container({}), finds: [] },
  { resource: container({ Environment: [] }), finds: [] },
  { resource: container({ Environment: [{ Name: 'A', Value: 'b' }] }), finds: ['no-literal-environment'] },
  { resource: container({ Image: 'host/app:latest' }), finds: ['image-by-digest'] },
  {
    resource: container({ Image: { 'Fn::Join': ['', ['h.', { Ref: 'AWS::URLSuffix' }, `/a@${digest}`]] } }),
    finds: [],
  },
  { resource: container({ Image: 'host/app:v1.2.3' }), finds: ['image-by-digest'] },
  { resource: container({ Image: 'elsewhere/pgbouncer:v1.25.2-p0' }), finds: ['image-by-digest'] },
  { resource: container({ Image: 'edoburu/pgbouncer:latest' }), finds: ['image-by-digest'] },
  { resource: container({ Image: 'edoburu/pgbouncer:v1.25.2-p0' }), finds: [] },
  { resource: container({ Image: dumpImage(17) }), finds: [] },
  { resource: container({ Image: searchProxyImage }), finds: [] },
  { resource: database({}), finds: [] },
  { resource: database({ DeletionProtection: false }), finds: ['stateful-is-kept'] },
  { resource: { ...database({}), DeletionPolicy: 'RetainExceptOnCreate' }, finds: [] },
  { resource: { ...database({}), DeletionPolicy: 'Delete' }, finds: ['stateful-is-kept'] },
  { resource: { Type: 'AWS::S3::Bucket' }, finds: ['stateful-is-kept', 'stateful-is-kept'] },
  { resource: { Type: 'AWS::SQS::Queue' }, finds: ['stateful-is-kept', 'stateful-is-kept'] },
  { resource: { Type: 'AWS::SQS::Queue', ...kept }, finds: [] },
  { resource: database({ SourceDBInstanceIdentifier: 'x', DeletionProtection: false }), finds: [] },
  { resource: database({ MasterUserPassword: 'hunter2hunter2' }), finds: ['no-plain-secret'] },
  { resource: database({ MasterUserPassword: { Ref: 'Password' } }), finds: [] },
  {
    resource: database({
      MasterUserPassword: '{{resolve:secretsmanager:agentctl/a/b/generated/postgres:SecretString:password}}',
    }),
    finds: [],
  },
  {
    resource: { Type: 'AWS::SSM::Parameter', Properties: { Value: 'postgres://u:p4ssw0rd@h/d' } },
    finds: ['no-plain-secret'],
  },
  { resource: group({ CidrIp: '0.0.0.0/0', FromPort: 443, ToPort: 443 }), finds: [] },
  { resource: group({ CidrIp: '0.0.0.0/0', FromPort: 0, ToPort: 65_535 }), finds: ['no-open-ingress'] },
  { resource: group({ CidrIpv6: '::/0', FromPort: 22, ToPort: 22 }), finds: ['no-open-ingress'] },
  {
    resource: { Type: 'AWS::EC2::SecurityGroupIngress', Properties: { CidrIp: '0.0.0.0/0', IpProtocol: '-1' } },
    finds: ['no-open-ingress'],
  },
])('$resource.Type: $finds', ({ resource, finds }) => {
  const findings = policyFindings({ Resources: { It: resource } });

  expect(findings.map(({ rule }) => rule)).toEqual(finds);
});

test('a queue may go with what was put aside into it', () => {
  const deadLetters = { 'Fn::GetAtt': ['DeadLetters', 'Arn'] };
  const queue: TemplateResource = {
    Type: 'AWS::SQS::Queue',
    ...kept,
    Properties: { RedrivePolicy: { deadLetterTargetArn: deadLetters, maxReceiveCount: 5 } },
  };
  const notStarted = { 'Fn::GetAtt': ['NotStarted', 'Arn'] };
  const schedule: TemplateResource = {
    Type: 'AWS::Scheduler::Schedule',
    Properties: { Target: { DeadLetterConfig: { Arn: notStarted } } },
  };
  const other: TemplateResource = { Type: 'AWS::SQS::Queue' };

  const findings = policyFindings({
    Resources: { Queue: queue, DeadLetters: other, NotStarted: other, Schedule: schedule, Other: other },
  });

  expect(new Set(findings.map(({ logicalId }) => logicalId))).toEqual(new Set(['Other']));
});

test('a finding never repeats the secret', () => {
  const resource = database({ MasterUserPassword: 'canary-value' });

  expect(JSON.stringify(policyFindings({ Resources: { It: resource } }))).not.toContain('canary');
});

test('every rule has an id of its own', () => {
  expect(new Set(templateRules.map(({ id }) => id)).size).toBe(templateRules.length);
});
