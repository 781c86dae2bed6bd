import { CreateBucketCommand, S3Client } from '@aws-sdk/client-s3';
import { BaseCredentials, Toolkit, type IIoHost } from '@aws-cdk/toolkit-lib';
import { expect, onTestFinished, test, vi } from 'vitest';
import { cdkApp } from '../../support/fake-aws/cdk-app.js';
import { fakeForTest } from '../../support/fake-aws/fake-for-test.js';
import { ssmState } from '../../support/fake-aws/services/ssm/ssm-state.js';

async function toolkitForTest() {
  const fake = await fakeForTest();
  for (const [name, value] of Object.entries(fake.environment())) vi.stubEnv(name, value);
  onTestFinished(() => void vi.unstubAllEnvs());
  const stateBucket = 'agentctl-state';
  await new S3Client(fake.client).send(new CreateBucketCommand({ Bucket: stateBucket }));
  const messages: string[] = [];
  const ioHost: IIoHost = {
    notify: async ({ message }) => void messages.push(message),
    requestResponse: async ({ defaultResponse }) => defaultResponse,
  };
  const { accessKeyId, secretAccessKey } = fake.client.credentials;
  const provider = async () => ({ accessKeyId, secretAccessKey });
  const baseCredentials = BaseCredentials.custom({ provider, region: fake.client.region });
  const toolkit = new Toolkit({ ioHost, color: false, emojis: false, sdkConfig: { baseCredentials } });
  const assembly = async (value: string) => toolkit.fromAssemblyDirectory(await cdkApp({ stateBucket, value }));
  const deploy = async (value: string) => toolkit.deploy(await assembly(value), { stackEventPollingInterval: 50 });
  const values = () => [...fake.world.state(ssmState).values()].map(({ value }) => value);
  return { fake, toolkit, assembly, deploy, values, messages };
}

test('the toolkit deploys, updates, says that nothing changed, and destroys', async () => {
  const { fake, toolkit, assembly, deploy, values } = await toolkitForTest();
  const first = await deploy('one');
  expect(first.stacks.map(({ stackName }) => stackName)).toEqual(['foundation', 'service']);
  const [name] = first.stacks.map(({ outputs }) => outputs['Name']);
  expect(values()).toEqual(['one', name]);
  await deploy('two');
  expect(values()).toEqual(['two', name]);
  const before = fake.calls.length;
  await deploy('two');
  expect(fake.calls.slice(before).map(({ operation }) => operation)).not.toContain('ExecuteChangeSet');
  await toolkit.destroy(await assembly('two'));
  expect(values()).toEqual([]);
});

test('the toolkit reports what failed, and repairs a stack that never came to be', async () => {
  const { fake, deploy, values, messages } = await toolkitForTest();
  fake.failResource({ resource: 'AWS::SSM::Parameter', action: 'create', reason: 'no room for it' });
  await expect(deploy('one')).rejects.toThrow('no room for it');
  expect(messages.join('\n')).toContain('no room for it');
  await deploy('one');
  expect(values()[0]).toBe('one');
});

test('the toolkit shows a diff out of a change set', async () => {
  const { toolkit, assembly, deploy } = await toolkitForTest();
  await deploy('one');
  const differences = await toolkit.diff(await assembly('two'));
  expect(Object.values(differences).map(({ differenceCount }) => differenceCount)).toEqual([1, 0]);
});
