import {
  CancelUpdateStackCommand,
  ContinueUpdateRollbackCommand,
  CreateStackCommand,
  DeleteStackCommand,
  DescribeStackEventsCommand,
  ExecuteChangeSetCommand,
  GetTemplateCommand,
  ListStackResourcesCommand,
  ListStacksCommand,
  RollbackStackCommand,
  UpdateStackCommand,
  UpdateTerminationProtectionCommand,
} from '@aws-sdk/client-cloudformation';
import { GetParameterCommand, SSMClient } from '@aws-sdk/client-ssm';
import { expect, test } from 'vitest';
import { stackClient, type StackClient } from '../../support/fake-aws/stack-client.js';

const parameter = (Value: unknown, more: object = {}) => ({
  Type: 'AWS::SSM::Parameter',
  Properties: { Type: 'String', Value },
  ...more,
});
const two = (first: string, second: string) => ({
  Resources: { First: parameter(first), Second: parameter({ 'Fn::Sub': `\${First.Value}-${second}` }) },
  Outputs: { Both: { Value: { 'Fn::GetAtt': ['Second', 'Value'] } } },
});

/** `Second CREATE_COMPLETE`, oldest first. */
async function events({ client }: StackClient, name: string): Promise<string[]> {
  const { StackEvents = [] } = await client.send(new DescribeStackEventsCommand({ StackName: name }));
  return StackEvents.map(({ LogicalResourceId, ResourceStatus }) => `${LogicalResourceId} ${ResourceStatus}`).reverse();
}

async function values({ fake, client }: StackClient, name: string): Promise<Record<string, string>> {
  const { StackResourceSummaries = [] } = await client.send(new ListStackResourcesCommand({ StackName: name }));
  const entries = StackResourceSummaries.map(async ({ LogicalResourceId = '', PhysicalResourceId }) => {
    const { Parameter } = await new SSMClient(fake.client).send(new GetParameterCommand({ Name: PhysicalResourceId }));
    return [LogicalResourceId, Parameter?.Value ?? ''] as const;
  });
  return Object.fromEntries(await Promise.all(entries));
}

test('a stack is created in order, with an event for each step', async () => {
  const stacks = await stackClient();
  const stack = await stacks.deploy('app', two('a', 'b'));
  expect(stack).toMatchObject({ StackStatus: 'CREATE_COMPLETE', Outputs: [{ OutputKey: 'Both', OutputValue: 'a-b' }] });
  expect(await events(stacks, 'app')).toEqual([
    'app REVIEW_IN_PROGRESS',
    'app CREATE_IN_PROGRESS',
    'First CREATE_IN_PROGRESS',
    'First CREATE_IN_PROGRESS',
    'First CREATE_COMPLETE',
    'Second CREATE_IN_PROGRESS',
    'Second CREATE_IN_PROGRESS',
    'Second CREATE_COMPLETE',
    'app CREATE_COMPLETE',
  ]);
  const { TemplateBody = '' } = await stacks.client.send(new GetTemplateCommand({ StackName: 'app' }));
  expect(JSON.parse(TemplateBody)).toEqual(two('a', 'b'));
});

test('an update changes what differs, and what depends on it', async () => {
  const stacks = await stackClient();
  await stacks.deploy('app', two('a', 'b'));
  expect(await stacks.deploy('app', two('c', 'b'))).toMatchObject({ StackStatus: 'UPDATE_COMPLETE' });
  expect(await values(stacks, 'app')).toEqual({ First: 'c', Second: 'c-b' });
  await expect(stacks.deploy('app', two('c', 'b'))).rejects.toThrow("didn't contain changes");
  const { First } = two('c', 'b').Resources;
  await stacks.deploy('app', { Resources: { First } });
  expect(await values(stacks, 'app')).toEqual({ First: 'c' });
});

test('what fails in its creation takes the rest with it', async () => {
  const stacks = await stackClient();
  stacks.fake.failResource({ resource: 'Second', action: 'create', reason: 'no room' });
  const stack = await stacks.deploy('app', two('a', 'b'));
  expect(stack.StackStatus).toBe('ROLLBACK_COMPLETE');
  expect((await events(stacks, 'app')).slice(-6)).toEqual([
    'Second CREATE_IN_PROGRESS',
    'Second CREATE_FAILED',
    'app ROLLBACK_IN_PROGRESS',
    'First DELETE_IN_PROGRESS',
    'First DELETE_COMPLETE',
    'app ROLLBACK_COMPLETE',
  ]);
  await expect(stacks.propose('app', two('a', 'b'))).rejects.toThrow(
    'is in ROLLBACK_COMPLETE state and can not be updated',
  );
  await stacks.client.send(new DeleteStackCommand({ StackName: 'app' }));
  await stacks.fake.idle();
  await expect(stacks.describe('app')).rejects.toThrow('Stack with id app does not exist');
});

test('a failed update goes back, also what was created or replaced in it', async () => {
  const stacks = await stackClient();
  await stacks.deploy('app', two('a', 'b'));
  stacks.fake.failResource({ resource: 'Third', action: 'create', reason: 'no room' });
  const { First, Second } = two('x', 'y').Resources;
  const stack = await stacks.deploy('app', { Resources: { First, Second, Third: parameter({ Ref: 'Second' }) } });
  expect(stack).toMatchObject({ StackStatus: 'UPDATE_ROLLBACK_COMPLETE', Outputs: [{ OutputValue: 'a-b' }] });
  expect(await values(stacks, 'app')).toEqual({ First: 'a', Second: 'a-b' });
});

test('a rollback that fails can be continued, or continued without what fails', async () => {
  const stacks = await stackClient();
  await stacks.deploy('app', two('a', 'b'));
  stacks.fake.failResource({ resource: 'Second', action: 'update', reason: 'broken', times: 3 });
  expect(await stacks.deploy('app', two('x', 'y'))).toMatchObject({ StackStatus: 'UPDATE_ROLLBACK_FAILED' });
  const again = async (ResourcesToSkip?: string[]) => {
    await stacks.client.send(
      new ContinueUpdateRollbackCommand({ StackName: 'app', ...(ResourcesToSkip && { ResourcesToSkip }) }),
    );
    await stacks.fake.idle();
    return (await stacks.describe('app')).StackStatus;
  };
  expect(await again()).toBe('UPDATE_ROLLBACK_FAILED');
  expect(await again(['Second'])).toBe('UPDATE_ROLLBACK_COMPLETE');
  expect(await values(stacks, 'app')).toMatchObject({ First: 'a' });
});

test('a cancelled update goes back', async () => {
  const stacks = await stackClient();
  await stacks.deploy('app', two('a', 'b'));
  const forever = new Promise<void>(() => undefined);
  stacks.fake.failResource({ resource: 'Second', action: 'update', until: forever });
  expect(await stacks.begin('app', two('x', 'y'))).toMatchObject({ StackStatus: 'UPDATE_IN_PROGRESS' });
  await expect(stacks.propose('app', two('x', 'z'))).rejects.toThrow('is in UPDATE_IN_PROGRESS state');
  await stacks.client.send(new CancelUpdateStackCommand({ StackName: 'app' }));
  await stacks.fake.idle();
  expect((await stacks.describe('app')).StackStatus).toBe('UPDATE_ROLLBACK_COMPLETE');
  expect(await values(stacks, 'app')).toEqual({ First: 'a', Second: 'a-b' });
});

test('without rollback a stack stays as it failed, until it is rolled back', async () => {
  const stacks = await stackClient();
  await stacks.deploy('app', two('a', 'b'));
  stacks.fake.failResource({ resource: 'Second', action: 'update', reason: 'broken' });
  const { ChangeSetId } = await stacks.propose('app', two('x', 'y'));
  await stacks.client.send(new ExecuteChangeSetCommand({ ChangeSetName: ChangeSetId, DisableRollback: true }));
  await stacks.fake.idle();
  expect((await stacks.describe('app')).StackStatus).toBe('UPDATE_FAILED');
  await stacks.client.send(new RollbackStackCommand({ StackName: 'app' }));
  await stacks.fake.idle();
  expect((await stacks.describe('app')).StackStatus).toBe('UPDATE_ROLLBACK_COMPLETE');
  expect(await values(stacks, 'app')).toEqual({ First: 'a', Second: 'a-b' });
});

test('a replaced resource is made first and deleted last; policies keep it', async () => {
  const stacks = await stackClient();
  const named = (Name: string, UpdateReplacePolicy = 'Delete') => ({
    Resources: { First: { ...parameter('v'), UpdateReplacePolicy, Properties: { Type: 'String', Value: 'v', Name } } },
  });
  await stacks.deploy('app', named('/one'));
  await stacks.deploy('app', named('/two'));
  const ssm = new SSMClient(stacks.fake.client);
  await expect(ssm.send(new GetParameterCommand({ Name: '/one' }))).rejects.toMatchObject({
    name: 'ParameterNotFound',
  });
  await stacks.deploy('app', named('/three', 'Retain'));
  expect((await ssm.send(new GetParameterCommand({ Name: '/two' }))).Parameter?.Value).toBe('v');
});

test('deletion: protected, kept by policy, stuck, retained', async () => {
  const stacks = await stackClient();
  const StackName = 'app';
  const protect = (EnableTerminationProtection: boolean) =>
    stacks.client.send(new UpdateTerminationProtectionCommand({ StackName, EnableTerminationProtection }));
  const kept = {
    ...parameter('kept'),
    Properties: { Type: 'String', Value: 'kept', Name: '/kept' },
    DeletionPolicy: 'Retain',
  };
  await stacks.deploy(StackName, { Resources: { Kept: kept, Stuck: parameter('s') } });
  await protect(true);
  await expect(stacks.client.send(new DeleteStackCommand({ StackName }))).rejects.toThrow(
    'TerminationProtection is enabled',
  );
  await protect(false);
  stacks.fake.failResource({ resource: 'Stuck', action: 'delete', reason: 'in use' });
  await stacks.client.send(new DeleteStackCommand({ StackName }));
  await stacks.fake.idle();
  expect(await stacks.describe(StackName)).toMatchObject({
    StackStatus: 'DELETE_FAILED',
    StackStatusReason: 'The following resource(s) failed to delete: [Stuck].',
  });
  await stacks.client.send(new DeleteStackCommand({ StackName, RetainResources: ['Stuck'] }));
  await stacks.fake.idle();
  const { StackSummaries } = await stacks.client.send(
    new ListStacksCommand({ StackStatusFilter: ['DELETE_COMPLETE'] }),
  );
  expect(StackSummaries?.map(({ StackName }) => StackName)).toEqual(['app']);
  const ssm = new SSMClient(stacks.fake.client);
  expect((await ssm.send(new GetParameterCommand({ Name: '/kept' }))).Parameter?.Value).toBe('kept');
});

test('an export that another stack imports cannot change, go, or be exported twice', async () => {
  const stacks = await stackClient();
  const exporting = (value: string, Name = 'shared') => ({
    Resources: { First: parameter(value) },
    Outputs: { Shared: { Value: { 'Fn::GetAtt': ['First', 'Value'] }, Export: { Name } } },
  });
  const importing = { Resources: { Second: parameter({ 'Fn::ImportValue': 'shared' }) } };
  await expect(stacks.deploy('user', importing)).rejects.toThrow('No export named shared found.');
  await stacks.deploy('owner', exporting('1'));
  await stacks.deploy('user', importing);
  expect(await values(stacks, 'user')).toEqual({ Second: '1' });
  expect(await stacks.deploy('owner', exporting('2'))).toMatchObject({ StackStatus: 'UPDATE_ROLLBACK_COMPLETE' });
  expect(await stacks.deploy('owner', exporting('1', 'other'))).toMatchObject({
    StackStatus: 'UPDATE_ROLLBACK_COMPLETE',
  });
  expect(await stacks.deploy('second', exporting('1'))).toMatchObject({ StackStatus: 'ROLLBACK_COMPLETE' });
  await stacks.client.send(new DeleteStackCommand({ StackName: 'owner' }));
  await stacks.fake.idle();
  const { StackStatusReason } = await stacks.describe('owner');
  expect(StackStatusReason).toBe('Delete canceled. Cannot delete export shared as it is in use by user.');
});

test('the same token does the same thing once', async () => {
  const stacks = await stackClient();
  const input = { StackName: 'app', TemplateBody: JSON.stringify(two('a', 'b')), ClientRequestToken: 't1' };
  const first = await stacks.client.send(new CreateStackCommand(input));
  const second = await stacks.client.send(new CreateStackCommand(input));
  expect(second.StackId).toBe(first.StackId);
  await stacks.fake.idle();
  await expect(
    stacks.client.send(new CreateStackCommand({ ...input, ClientRequestToken: 't2' })),
  ).rejects.toMatchObject({
    name: 'AlreadyExistsException',
  });
  await expect(stacks.client.send(new UpdateStackCommand({ ...input, ClientRequestToken: 't3' }))).rejects.toThrow(
    'No updates are to be performed.',
  );
  const { ChangeSetId } = await stacks.propose('app', two('c', 'd'));
  const execution = new ExecuteChangeSetCommand({
    ChangeSetName: ChangeSetId,
    StackName: 'app',
    ClientRequestToken: 't4',
  });
  await stacks.client.send(execution);
  await stacks.client.send(execution);
  await stacks.fake.idle();
  expect(await values(stacks, 'app')).toEqual({ First: 'c', Second: 'c-d' });
});

test('types and properties that are not known are refused', async () => {
  const stacks = await stackClient();
  const lambda = { Resources: { Hidden: { Type: 'AWS::Lambda::Function', Properties: {} } } };
  await expect(stacks.deploy('app', lambda)).rejects.toThrow('Unrecognized resource types: [AWS::Lambda::Function]');
  const bad = { Resources: { First: { Type: 'AWS::SSM::Parameter', Properties: { Type: 'String', Valeu: 'x' } } } };
  await stacks.deploy('bad', bad);
  const { StackEvents = [] } = await stacks.client.send(new DescribeStackEventsCommand({ StackName: 'bad' }));
  const { ResourceStatusReason } = StackEvents.find(({ ResourceStatus }) => ResourceStatus === 'CREATE_FAILED') ?? {};
  expect(ResourceStatusReason).toContain('extraneous key [Valeu] is not permitted');
  expect(ResourceStatusReason).toContain('required key [Value] not found');
});
