import { CloudFormation } from '@aws-sdk/client-cloudformation';
import { S3 } from '@aws-sdk/client-s3';
import { expect, test } from 'vitest';
import { clientOptions } from '../../../support/fake-aws/fake-for-test.js';
import { awsForFile } from './aws-on-the-fake.js';
import { assemblyOf, prepareForToolkit, tryStack } from './stacks-on-the-fake.js';

const world = await awsForFile();
await prepareForToolkit(world);
const { fake, aws, open, signal } = world;
const cloudFormation = new CloudFormation(clientOptions(fake));

const parameter = (value: string) => ({ Type: 'AWS::SSM::Parameter', Properties: { Type: 'String', Value: value } });
const topic = { Type: 'AWS::SNS::Topic', Properties: {} };

/** Something that CloudFormation waits for, until the test says so. */
function gate(): { readonly until: Promise<void>; readonly open: () => void } {
  let letGo = (): void => undefined;
  const until = new Promise<void>((resolve) => (letGo = resolve));
  return { until, open: () => letGo() };
}

test('a first deploy that fails says what failed; the next one removes the rest and begins anew', async () => {
  const { stack, deploy, lines } = tryStack(world, 'first');
  fake.failResource({ resource: 'Topic', action: 'create', reason: 'the topic is not allowed' });
  await expect(deploy({ Topic: topic, Parameter: parameter('1') })).rejects.toMatchObject({
    code: 'StepFailed',
    message: 'stack first could not be created: Topic (AWS::SNS::Topic): the topic is not allowed',
    data: { status: 'ROLLBACK_COMPLETE' },
  });
  expect(lines).toContainEqual(expect.stringContaining('CREATE_FAILED: the topic is not allowed'));

  expect(await deploy({ Topic: topic, Parameter: parameter('1') })).toMatchObject({ changed: true });
  expect(lines).toContain('stack first is ROLLBACK_COMPLETE: it was never up, and is removed');
  expect(await aws.stacks.state(stack, signal)).toMatchObject({ status: 'CREATE_COMPLETE' });
});

test('what a first deploy left because it was protected goes before the next one begins', async () => {
  const { stack, deploy, lines } = tryStack(world, 'protected');
  const resources = {
    Balancer: {
      Type: 'AWS::ElasticLoadBalancingV2::LoadBalancer',
      Properties: { Name: 'agent', LoadBalancerAttributes: [{ Key: 'deletion_protection.enabled', Value: 'true' }] },
    },
    Postgres: {
      Type: 'AWS::RDS::DBInstance',
      DeletionPolicy: 'RetainExceptOnCreate',
      Properties: { DBInstanceIdentifier: 'agent', MasterUserPassword: 'not-a-secret', DeletionProtection: true },
    },
    Topic: { ...topic, DependsOn: ['Balancer', 'Postgres'] },
  };
  fake.failResource({ resource: 'Topic', action: 'create', reason: 'the topic is not allowed' });
  await expect(deploy(resources)).rejects.toMatchObject({ data: { status: 'ROLLBACK_FAILED' } });

  expect(await deploy(resources)).toMatchObject({ changed: true });
  expect(lines).toContain('stack protected: Balancer is no longer protected from deletion');
  expect(lines).toContain('stack protected: deleting Postgres (agent), which is protected');
  expect(lines.filter((line) => line.startsWith('kept'))).toEqual([]);
  expect(await aws.stacks.state(stack, signal)).toMatchObject({ status: 'CREATE_COMPLETE' });
});

test('what a first deploy left because it was protected goes with the data, too', async () => {
  const { stack, deploy, run } = tryStack(world, 'left');
  const Balancer = {
    Type: 'AWS::ElasticLoadBalancingV2::LoadBalancer',
    Properties: { Name: 'left', LoadBalancerAttributes: [{ Key: 'deletion_protection.enabled', Value: 'true' }] },
  };
  fake.failResource({ resource: 'Topic', action: 'create', reason: 'the topic is not allowed' });
  const failed = deploy({ Balancer, Topic: { ...topic, DependsOn: 'Balancer' } });
  await expect(failed).rejects.toMatchObject({ data: { status: 'ROLLBACK_FAILED' } });

  expect(await aws.stacks.destroy({ stack, unprotect: true, ...run })).toEqual({ kept: [] });
  expect(await aws.stacks.state(stack, signal)).toBeUndefined();
});

test('an update that fails is rolled back and says so; the next one goes on from there', async () => {
  const { stack, deploy } = tryStack(world, 'update');
  await deploy({ Topic: topic, Parameter: parameter('1') });
  fake.failResource({ resource: 'Parameter', action: 'update', reason: 'not authorized to perform: ssm:PutParameter' });
  await expect(deploy({ Topic: topic, Parameter: parameter('2') })).rejects.toMatchObject({
    code: 'StepFailed',
    message:
      'stack update was rolled back: Parameter (AWS::SSM::Parameter): not authorized to perform: ssm:PutParameter',
    fix: 'allow what AWS denied, then run it again',
    data: { status: 'UPDATE_ROLLBACK_COMPLETE' },
  });
  expect(await aws.stacks.state(stack, signal)).toMatchObject({ status: 'UPDATE_ROLLBACK_COMPLETE' });
  expect(await deploy({ Topic: topic, Parameter: parameter('2') })).toMatchObject({ changed: true });
});

test('a rollback that failed is gone on with; what fails again and holds nothing is left as it is', async () => {
  const { stack, deploy, lines } = tryStack(world, 'stuck');
  await deploy({ Topic: topic, Parameter: parameter('1') });
  // The update, its rollback, and the rollback that is gone on with.
  fake.failResource({ resource: 'Parameter', action: 'update', reason: 'no', times: 3 });
  await expect(deploy({ Topic: topic, Parameter: parameter('2') })).rejects.toMatchObject({
    message: 'stack stuck failed, and could not be rolled back either: Parameter (AWS::SSM::Parameter): no',
    data: { status: 'UPDATE_ROLLBACK_FAILED' },
  });
  // The answer is lost, and the rollback goes on.
  fake.fail({ service: 'cloudformation', operation: 'ContinueUpdateRollback', kind: 'reply-lost' });
  expect(await deploy({ Topic: topic, Parameter: parameter('3') })).toMatchObject({ changed: true });
  expect(lines).toContain('stack stuck is UPDATE_ROLLBACK_FAILED: going on with its rollback');
  expect(lines).toContain(
    'stack stuck is UPDATE_ROLLBACK_FAILED: going on with its rollback, leaving Parameter as it is',
  );
  expect(await aws.stacks.state(stack, signal)).toMatchObject({ status: 'UPDATE_COMPLETE' });
});

test('a rollback that fails on data is left to people', async () => {
  const { deploy } = tryStack(world, 'data');
  const table = (size: number) => ({
    Type: 'AWS::RDS::DBParameterGroup',
    Properties: { Family: 'postgres17', Description: 'd', Parameters: { work_mem: String(size) } },
  });
  await deploy({ Table: table(1) });
  fake.failResource({ resource: 'Table', action: 'update', reason: 'no', times: 3 });
  await expect(deploy({ Table: table(2) })).rejects.toMatchObject({ data: { status: 'UPDATE_ROLLBACK_FAILED' } });
  await expect(deploy({ Table: table(3) })).rejects.toMatchObject({
    code: 'Refused',
    fix: expect.stringContaining('--stack-name data --resources-to-skip Table') as string,
  });
});

test('a change set that nobody ran, and an update that was left as it failed', async () => {
  const review = tryStack(world, 'review');
  await cloudFormation.createChangeSet({
    StackName: 'review',
    ChangeSetName: 'by-hand',
    ChangeSetType: 'CREATE',
    TemplateBody: JSON.stringify({ Resources: { Topic: topic } }),
  });
  expect(await aws.stacks.state('review', signal)).toMatchObject({ status: 'REVIEW_IN_PROGRESS' });
  expect(await review.deploy({ Topic: topic })).toMatchObject({ changed: true });

  const paused = tryStack(world, 'paused');
  await paused.deploy({ Parameter: parameter('1') });
  fake.failResource({ resource: 'Parameter', action: 'update', reason: 'no' });
  await cloudFormation.updateStack({
    StackName: 'paused',
    DisableRollback: true,
    TemplateBody: JSON.stringify({ Resources: { Parameter: parameter('2') } }),
  });
  await fake.idle();
  expect(await aws.stacks.state('paused', signal)).toMatchObject({ status: 'UPDATE_FAILED' });
  expect(await paused.deploy({ Parameter: parameter('3') })).toMatchObject({ changed: true });
  expect(paused.lines).toContain('stack paused is UPDATE_FAILED: rolling it back');
});

test('a deletion that failed: a deploy refuses, the next destroy ends it', async () => {
  const { stack, deploy, run } = tryStack(world, 'deletion');
  await deploy({ Topic: topic });
  fake.failResource({ resource: 'Topic', action: 'delete', reason: 'it is used' });
  await expect(aws.stacks.destroy({ stack, ...run })).rejects.toMatchObject({
    code: 'StepFailed',
    message: 'stack deletion could not be deleted: Topic (AWS::SNS::Topic): it is used',
  });
  await expect(deploy({ Topic: topic })).rejects.toMatchObject({
    code: 'Refused',
    fix: 'finish the deletion first: agentctl destroy; then deploy again',
  });
  expect(await aws.stacks.destroy({ stack, ...run })).toEqual({ kept: [] });
});

test('a deletion by hand that failed on a protected load balancer is ended by a destroy that takes the data', async () => {
  const { stack, deploy, run, lines } = tryStack(world, 'by-hand');
  const logs = { Type: 'AWS::S3::Bucket', Properties: { BucketName: 'logs-by-hand' }, DeletionPolicy: 'Retain' };
  const attributes = {
    'deletion_protection.enabled': 'true',
    'access_logs.s3.enabled': 'true',
    'access_logs.s3.bucket': 'logs-by-hand',
  };
  const balancer = {
    Type: 'AWS::ElasticLoadBalancingV2::LoadBalancer',
    Properties: { LoadBalancerAttributes: Object.entries(attributes).map(([Key, Value]) => ({ Key, Value })) },
    DependsOn: 'Logs',
  };
  await deploy({ Logs: logs, Balancer: balancer });
  await cloudFormation.deleteStack({ StackName: stack });
  await fake.idle();
  expect(await aws.stacks.state(stack, signal)).toMatchObject({ status: 'DELETE_FAILED' });
  await expect(aws.stacks.destroy({ stack, ...run })).rejects.toMatchObject({ code: 'StepFailed' });

  await aws.stacks.destroy({ stack, unprotect: true, ...run });
  expect(lines).toContain('stack by-hand: Balancer is no longer protected from deletion');
  expect(await aws.stacks.state(stack, signal)).toBeUndefined();
});

test('a bucket that has something in it stops a deletion, as S3 deletes none such', async () => {
  const { stack, deploy, run } = tryStack(world, 'bucket');
  const s3 = new S3({ ...clientOptions(fake), forcePathStyle: true });
  await deploy({ Logs: { Type: 'AWS::S3::Bucket', Properties: { BucketName: 'full-bucket' } } });
  await s3.putObject({ Bucket: 'full-bucket', Key: 'log', Body: 'x' });
  await expect(aws.stacks.destroy({ stack, unprotect: true, ...run })).rejects.toMatchObject({
    message: expect.stringContaining('The bucket you tried to delete is not empty') as string,
  });
  s3.destroy();
});

test('what goes on is left going when it is interrupted, and the next deploy waits for it', async () => {
  const { stack, deploy, lines } = tryStack(world, 'attach');
  await deploy({ Parameter: parameter('1') });
  const { until, open: letGo } = gate();
  fake.failResource({ resource: 'Parameter', action: 'update', until });
  const interrupt = new AbortController();
  const log = (line: string): void => {
    lines.push(line);
    if (line.includes('UPDATE_IN_PROGRESS')) interrupt.abort();
  };
  await expect(deploy({ Parameter: parameter('2') }, { signal: interrupt.signal, log })).rejects.toMatchObject({
    code: 'Interrupted',
    message: 'interrupted; CloudFormation goes on with stack attach (UPDATE_IN_PROGRESS)',
    data: { status: 'UPDATE_IN_PROGRESS' },
  });
  expect(await aws.stacks.state(stack, signal)).toMatchObject({ status: 'UPDATE_IN_PROGRESS' });

  const waited: string[] = [];
  const again = open().stacks.deploy({
    stack,
    assembly: await assemblyOf(stack, { Parameter: parameter('2') }),
    signal,
    log: (line) => {
      waited.push(line);
      letGo();
    },
  });
  expect(await again).toMatchObject({ state: { status: 'UPDATE_COMPLETE' } });
  expect(waited[0]).toBe('stack attach is UPDATE_IN_PROGRESS: waiting until CloudFormation is done with it');
});

test('two processes wait for one creation; one that fails is told to both', async () => {
  const { stack, deploy, run } = tryStack(world, 'both');
  const { until, open: letGo } = gate();
  fake.failResource({ resource: 'Topic', action: 'create', until, reason: 'no' });
  const first = deploy({ Topic: topic });
  first.catch(() => undefined);
  await expect
    .poll(async () => (await aws.stacks.state(stack, signal))?.status, { timeout: 60_000 })
    .toBe('CREATE_IN_PROGRESS');
  const second = open().stacks.wait(stack, run);
  second.catch(() => undefined);
  letGo();
  await expect(first).rejects.toMatchObject({ code: 'StepFailed', data: { status: 'ROLLBACK_COMPLETE' } });
  await expect(second).rejects.toMatchObject({ code: 'StepFailed', data: { status: 'ROLLBACK_COMPLETE' } });
});

test('a stack that is protected is not destroyed unasked; what is kept is named', async () => {
  const { stack, deploy, run } = tryStack(world, 'guarded');
  await deploy({ Topic: topic, Kept: { ...parameter('1'), DeletionPolicy: 'Retain' } });
  await cloudFormation.updateTerminationProtection({ StackName: stack, EnableTerminationProtection: true });
  await expect(aws.stacks.destroy({ stack, ...run })).rejects.toMatchObject({ code: 'Refused' });
  const { kept } = await aws.stacks.destroy({ stack, unprotect: true, ...run });
  expect(kept).toHaveLength(1);
  expect(kept[0]).toMatch(/Kept/);
});
