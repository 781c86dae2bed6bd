import { ECSClient, ListClustersCommand } from '@aws-sdk/client-ecs';
import { IAMClient, CreateServiceLinkedRoleCommand, GetRoleCommand } from '@aws-sdk/client-iam';
import { GetParameterCommand, PutParameterCommand, SSMClient } from '@aws-sdk/client-ssm';
import { AssumeRoleCommand, GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import { expect, test } from 'vitest';
import { startFakeAws } from '../support/fake-aws/fake-aws.js';
import { clientOptions, fakeForTest } from '../support/fake-aws/fake-for-test.js';

test('a caller is told who it is', async () => {
  const fake = await fakeForTest();
  const identity = await new STSClient(fake.client).send(new GetCallerIdentityCommand({}));
  expect(identity).toMatchObject({ Account: '123456789012', Arn: 'arn:aws:iam::123456789012:user/tester' });
  expect(fake.calls).toMatchObject([{ service: 'sts', operation: 'GetCallerIdentity', status: 200, isDone: true }]);
});

test('keys that the fake did not give out are refused', async () => {
  const fake = await fakeForTest();
  const sts = new STSClient({ ...fake.client, credentials: { accessKeyId: 'AKIAREAL', secretAccessKey: 'x' } });
  await expect(sts.send(new GetCallerIdentityCommand({}))).rejects.toMatchObject({ name: 'InvalidClientTokenId' });
});

test('keys of an assumed role are known', async () => {
  const fake = await fakeForTest();
  await new IAMClient(fake.client).send(new CreateServiceLinkedRoleCommand({ AWSServiceName: 'ecs.amazonaws.com' }));
  const role = await new IAMClient(fake.client).send(new GetRoleCommand({ RoleName: 'AWSServiceRoleForECS' }));
  const answer = await new STSClient(fake.client).send(
    new AssumeRoleCommand({ RoleArn: role.Role?.Arn, RoleSessionName: 'me' }),
  );
  const { AccessKeyId = '', SecretAccessKey = '', SessionToken } = answer.Credentials ?? {};
  const credentials = { accessKeyId: AccessKeyId, secretAccessKey: SecretAccessKey, sessionToken: SessionToken ?? '' };
  const identity = await new STSClient({ ...fake.client, credentials }).send(new GetCallerIdentityCommand({}));
  expect(identity.Arn).toBe('arn:aws:sts::123456789012:assumed-role/AWSServiceRoleForECS/me');
});

test('an error has the class and the members that the client knows', async () => {
  const fake = await fakeForTest();
  const iam = new IAMClient(fake.client);
  const error: unknown = await iam.send(new GetRoleCommand({ RoleName: 'nobody' })).catch((error: unknown) => error);
  expect(error).toMatchObject({ name: 'NoSuchEntityException', $metadata: { httpStatusCode: 404 } });
  const ssm = new SSMClient(fake.client);
  await expect(ssm.send(new GetParameterCommand({ Name: '/no' }))).rejects.toMatchObject({ name: 'ParameterNotFound' });
});

test('what the fake does not have is refused, and fails its end', async () => {
  const fake = await startFakeAws();
  const ecs = new ECSClient({ ...clientOptions(fake), region: 'eu-north-1' });
  await expect(ecs.send(new ListClustersCommand({}))).rejects.toThrow();
  const ssm = new SSMClient(clientOptions(fake));
  const { ListNodesCommand } = await import('@aws-sdk/client-ssm');
  await expect(ssm.send(new ListNodesCommand({}))).rejects.toMatchObject({ name: 'UnknownOperationException' });
  await expect(fake.stop()).rejects.toThrow('the fake has no ssm ListNodes');
});

test.each([
  { kind: 'refused' as const, attempts: 2 },
  { kind: 'reset' as const, attempts: 2 },
  { kind: '500' as const, attempts: 2 },
  { kind: 'throttled' as const, attempts: 2 },
  { kind: 'reply-lost' as const, attempts: 2 },
])('the client tries $kind again', async ({ kind, attempts }) => {
  const fake = await fakeForTest();
  const ssm = new SSMClient(fake.client);
  fake.fail({ service: 'ssm', operation: 'PutParameter', kind });
  await ssm.send(new PutParameterCommand({ Name: '/a', Value: '1', Type: 'String', Overwrite: true }));
  expect(fake.calls).toHaveLength(attempts);
  const { Parameter } = await ssm.send(new GetParameterCommand({ Name: '/a' }));
  expect(Parameter?.Version).toBe(kind === 'reply-lost' ? 2 : 1);
});

test('a refused permission is not tried again; a fault can be taken back, and can wait', async () => {
  const fake = await fakeForTest();
  const sts = new STSClient(fake.client);
  const who = () => sts.send(new GetCallerIdentityCommand({}));
  const undo = fake.fail({ service: 'sts', kind: 'denied', times: 9, skip: 1 });
  await who();
  await expect(who()).rejects.toMatchObject({ name: 'AccessDenied', $metadata: { attempts: 1 } });
  undo();
  await who();
  expect(fake.calls.map(({ status }) => status)).toEqual([200, 403, 200]);
});
