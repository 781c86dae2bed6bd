import { expect, test } from 'vitest';
import { cloudFormationState } from '../../../support/fake-aws/services/cloudformation/cloudformation-state.js';
import { awsForFile } from './aws-on-the-fake.js';
import { assemblyOf, prepareForToolkit, tryStack } from './stacks-on-the-fake.js';

const world = await awsForFile();
await prepareForToolkit(world);
const { fake, aws, signal } = world;

const topic = { Type: 'AWS::SNS::Topic', Properties: {} };
const parameter = (value: string) => ({
  Type: 'AWS::SSM::Parameter',
  Properties: { Type: 'String', Value: value },
});
const queue = { Type: 'AWS::SQS::Queue', Properties: { QueueName: 'jobs' } };

test(
  'a stack is created with its progress, is left alone when nothing changed, and is deleted',
  { timeout: 60_000 },
  async () => {
    const { stack, deploy, lines, run } = tryStack(world, 'agent-a-service');

    const created = await deploy({ Topic: topic });
    expect(created).toMatchObject({ changed: true, state: { status: 'CREATE_COMPLETE', outputs: { Name: 'agent' } } });
    expect(lines).toContainEqual(expect.stringMatching(/^\d\/\d AWS::SNS::Topic Topic: CREATE_COMPLETE$/));

    expect(await deploy({ Topic: topic })).toMatchObject({ changed: false });
    expect(await aws.stacks.template(stack, signal)).toMatchObject({ Resources: { Topic: topic } });

    expect(await aws.stacks.destroy({ stack, ...run })).toEqual({ kept: [] });
    expect(await aws.stacks.state(stack, signal)).toBeUndefined();
    expect(await aws.stacks.destroy({ stack, ...run })).toEqual({ kept: [] });
  },
);

test(
  'what holds data is never removed unasked, what else goes only when it is allowed',
  { timeout: 60_000 },
  async () => {
    const { stack, deploy } = tryStack(world, 'agent-b-service');
    await deploy({ Topic: topic, Queue: queue, Parameter: parameter('1') });

    await expect(deploy({ Topic: topic, Parameter: parameter('1') }, { allowWidening: true })).rejects.toMatchObject({
      code: 'Refused',
      message: `stack ${stack} would remove Queue (AWS::SQS::Queue), and its data`,
      fix: expect.stringContaining('--allow-replace Queue') as string,
    });
    await expect(deploy({ Topic: topic, Queue: queue })).rejects.toMatchObject({
      code: 'Refused',
      detail: 'removes Parameter (AWS::SSM::Parameter)',
    });
    expect(await aws.stacks.state(stack, signal)).toMatchObject({ status: 'CREATE_COMPLETE' });

    expect(await deploy({ Topic: topic, Queue: queue }, { allowWidening: true })).toMatchObject({ changed: true });
  },
);

test('more permissions need a yes', { timeout: 60_000 }, async () => {
  const { stack, deploy } = tryStack(world, 'agent-c-service');
  const role = (...actions: readonly string[]) => ({
    Type: 'AWS::IAM::Role',
    Properties: {
      AssumeRolePolicyDocument: statement({
        Principal: { Service: 'ecs-tasks.amazonaws.com' },
        Action: 'sts:AssumeRole',
      }),
      Policies: [{ PolicyName: 'p', PolicyDocument: statement({ Action: actions, Resource: 'arn:aws:s3:::b/*' }) }],
    },
  });
  await deploy({ Role: role('s3:GetObject') });

  const wider = { Role: role('s3:GetObject', 's3:PutObject') };
  await expect(deploy(wider)).rejects.toMatchObject({
    code: 'Refused',
    message: `stack ${stack} would permit more, or take something away`,
    fix: expect.stringContaining('--yes') as string,
    detail: expect.stringMatching(/^permits more: Allow .*s3:PutObject.* on arn:aws:s3:::b\/\*/) as string,
  });
  expect(await aws.stacks.state(stack, signal)).toMatchObject({ status: 'CREATE_COMPLETE' });
  expect(await aws.stacks.template(stack, signal)).toMatchObject({ Resources: { Role: role('s3:GetObject') } });

  expect(await deploy(wider, { allowWidening: true })).toMatchObject({ changed: true });
});

test('what holds data is never replaced unasked, whatever else is allowed', { timeout: 60_000 }, async () => {
  const { stack, deploy } = tryStack(world, 'agent-d-service');
  const named = (QueueName: string) => ({ Queue: { Type: 'AWS::SQS::Queue', Properties: { QueueName } } });
  await deploy(named('old'));
  const [before] = await aws.stacks.resources(stack, signal);

  await expect(deploy(named('new'), { allowWidening: true, allowReplace: ['Other'] })).rejects.toMatchObject({
    code: 'Refused',
    message: `stack ${stack} would replace Queue (AWS::SQS::Queue), and its data`,
    fix: expect.stringContaining('--allow-replace Queue') as string,
    detail: 'Queue (AWS::SQS::Queue) QueueName',
  });
  expect(await aws.stacks.resources(stack, signal)).toEqual([before]);

  await deploy(named('new'), { allowWidening: true, allowReplace: ['Queue'] });
  expect(await aws.stacks.resources(stack, signal)).not.toEqual([before]);
});

test('a change set that may not be run is not left', { timeout: 60_000 }, async () => {
  const { stack, deploy } = tryStack(world, 'agent-e-service');
  const changeSets = () =>
    [...fake.world.state(cloudFormationState).changeSets.values()].filter(
      (one) => one.stack.name === stack && one.executionStatus === 'AVAILABLE',
    );
  await deploy({ Topic: topic, Parameter: parameter('1') });
  const allow = fake.fail({ service: 'cloudformation', operation: 'ExecuteChangeSet', kind: 'denied' });

  await expect(deploy({ Topic: topic, Parameter: parameter('2') })).rejects.toMatchObject({
    code: 'EnvironmentNotReady',
  });
  allow();
  expect(changeSets()).toEqual([]);
  await expect(deploy({ Topic: topic })).rejects.toMatchObject({ code: 'Refused' });
  expect(changeSets()).toEqual([]);
});

test('that the template may not be uploaded is said', { timeout: 60_000 }, async () => {
  const { run } = tryStack(world, 'agent-g-service');
  const bucket = await aws.state.bucketName(signal);
  const assembly = await assemblyOf('agent-g-service', { Topic: topic }, bucket);
  const allow = fake.fail({ service: 's3', operation: 'PutObject', kind: 'denied' });

  await expect(aws.stacks.deploy({ ...run, stack: 'agent-g-service', assembly })).rejects.toMatchObject({
    code: 'EnvironmentNotReady',
    message: expect.stringMatching(/^AWS denied s3:PutObject or .* of agent-g-service goes: Access Denied$/) as string,
  });
  allow();
});

test('a stack that was only made to hold such a change set is not left either', { timeout: 60_000 }, async () => {
  const { stack, deploy } = tryStack(world, 'agent-f-service');
  const allow = fake.fail({ service: 'cloudformation', operation: 'ExecuteChangeSet', kind: 'denied' });

  await expect(deploy({ Topic: topic })).rejects.toMatchObject({ code: 'EnvironmentNotReady' });
  allow();
  expect(await aws.stacks.state(stack, signal)).toBeUndefined();
  expect(await deploy({ Topic: topic })).toMatchObject({ changed: true });
});

function statement(more: Readonly<Record<string, unknown>>): unknown {
  return { Version: '2012-10-17', Statement: [{ Effect: 'Allow', ...more }] };
}

test.each(['CreateChangeSet', 'ExecuteChangeSet', 'DescribeStacks', 'DescribeStackEvents'])(
  'a deploy survives that the answer to %s is lost',
  { timeout: 60_000 },
  async (operation) => {
    const { deploy } = tryStack(world, `agent-${operation}-service`);
    const value = (text: string) => ({ Type: 'AWS::SSM::Parameter', Properties: { Type: 'String', Value: text } });
    await deploy({ Topic: topic, Parameter: value('1') });
    fake.fail({ service: 'cloudformation', operation, kind: 'reply-lost' });

    expect(await deploy({ Topic: topic, Parameter: value('2') })).toMatchObject({
      changed: true,
      state: { status: 'UPDATE_COMPLETE' },
    });
  },
);
