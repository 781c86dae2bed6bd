import { writeFileSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { S3 } from '@aws-sdk/client-s3';
import { expect, test, vi } from 'vitest';
import { clientOptions } from '../../../support/fake-aws/fake-for-test.js';
import { temporaryDirectory } from '../../../support/temporary-directory.js';
import { awsOnTheFake } from './aws-on-the-fake.js';

const stack = 'agent-production-service';

/** A cloud assembly of one stack, as a synthesizer of CliCredentials writes it, without assets. */
async function assemblyOf(resources: Readonly<Record<string, unknown>>): Promise<string> {
  const directory = join(await temporaryDirectory(), 'assembly');
  await mkdir(directory);
  const template = { Resources: resources, Outputs: { Name: { Value: 'agent' } } };
  writeFileSync(join(directory, `${stack}.template.json`), JSON.stringify(template));
  const manifest = {
    version: '48.0.0',
    artifacts: {
      [stack]: {
        type: 'aws:cloudformation:stack',
        environment: 'aws://unknown-account/unknown-region',
        properties: { templateFile: `${stack}.template.json`, validateOnSynth: false },
        displayName: stack,
      },
    },
  };
  writeFileSync(join(directory, 'manifest.json'), JSON.stringify(manifest));
  return directory;
}

const topic = { Type: 'AWS::SNS::Topic', Properties: { TopicName: 'alerts' } };
const parameter = (value: string) => ({
  Type: 'AWS::SSM::Parameter',
  Properties: { Name: '/agent/a', Type: 'String', Value: value },
});
const queue = { Type: 'AWS::SQS::Queue', Properties: { QueueName: 'jobs' } };

async function account() {
  const world = await awsOnTheFake();
  for (const [name, value] of Object.entries(world.fake.environment())) vi.stubEnv(name, value);
  const s3 = new S3({ ...clientOptions(world.fake), forcePathStyle: true });
  await s3.createBucket({ Bucket: await world.aws.state.bucketName(world.signal) });
  s3.destroy();
  const lines: string[] = [];
  const run = { signal: world.signal, log: (line: string) => void lines.push(line) };
  const deploy = async (resources: Readonly<Record<string, unknown>>, more: object = {}) =>
    await world.aws.stacks.deploy({ ...run, stack, assembly: await assemblyOf(resources), ...more });
  return { ...world, lines, run, deploy };
}

test(
  'a stack is created with its progress, is left alone when nothing changed, and is deleted',
  { timeout: 60_000 },
  async () => {
    const { aws, deploy, lines, run, signal } = await account();

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
    const { aws, deploy, signal } = await account();
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

test.each(['CreateChangeSet', 'ExecuteChangeSet', 'DescribeStacks', 'DescribeStackEvents'])(
  'a deploy survives that the answer to %s is lost',
  { timeout: 60_000 },
  async (operation) => {
    const { fake, deploy } = await account();
    await deploy({ Topic: topic, Parameter: parameter('1') });
    fake.fail({ service: 'cloudformation', operation, kind: 'reply-lost' });

    expect(await deploy({ Topic: topic, Parameter: parameter('2') })).toMatchObject({
      changed: true,
      state: { status: 'UPDATE_COMPLETE' },
    });
  },
);
