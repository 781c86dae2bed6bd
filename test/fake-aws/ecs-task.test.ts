import { CloudWatchLogsClient, CreateLogGroupCommand, GetLogEventsCommand } from '@aws-sdk/client-cloudwatch-logs';
import {
  CreateClusterCommand,
  DescribeTasksCommand,
  ECSClient,
  ListTasksCommand,
  RegisterTaskDefinitionCommand,
  type RegisterTaskDefinitionCommandInput,
  RunTaskCommand,
  type RunTaskCommandInput,
  StopTaskCommand,
  type Task,
} from '@aws-sdk/client-ecs';
import { CreateSecretCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { PutParameterCommand, SSMClient } from '@aws-sdk/client-ssm';
import { expect, test } from 'vitest';
import { eventually } from '../support/eventually.js';
import { helloApp, pushApp } from '../support/fake-aws/fake-app.js';
import { fakeForTest } from '../support/fake-aws/fake-for-test.js';
import { ecsState } from '../support/fake-aws/services/ecs/ecs-state.js';

type ContainerChanges = Partial<NonNullable<RegisterTaskDefinitionCommandInput['containerDefinitions']>[number]>;

async function setting() {
  const fake = await fakeForTest();
  const ecs = new ECSClient(fake.client);
  await ecs.send(new CreateClusterCommand({ clusterName: 'stage' }));
  const logs = new CloudWatchLogsClient(fake.client);
  await logs.send(new CreateLogGroupCommand({ logGroupName: '/app' }));
  const register = async (image: string, container: ContainerChanges = {}): Promise<string> => {
    const { taskDefinition } = await ecs.send(
      new RegisterTaskDefinitionCommand({
        family: 'job',
        networkMode: 'awsvpc',
        requiresCompatibilities: ['FARGATE'],
        cpu: '256',
        memory: '512',
        executionRoleArn: 'arn:aws:iam::123456789012:role/execution',
        containerDefinitions: [
          {
            name: 'main',
            image,
            logConfiguration: {
              logDriver: 'awslogs',
              options: { 'awslogs-group': '/app', 'awslogs-stream-prefix': 'job', 'awslogs-region': 'eu-central-1' },
            },
            ...container,
          },
        ],
      }),
    );
    return taskDefinition?.taskDefinitionArn ?? '';
  };
  const run = async (taskDefinition: string, changes: Partial<RunTaskCommandInput> = {}): Promise<Task> => {
    const answer = await ecs.send(
      new RunTaskCommand({
        cluster: 'stage',
        taskDefinition,
        launchType: 'FARGATE',
        networkConfiguration: { awsvpcConfiguration: { subnets: ['subnet-1'] } },
        ...changes,
      }),
    );
    return answer.tasks?.[0] ?? {};
  };
  const look = async (arn = ''): Promise<Task> =>
    (await ecs.send(new DescribeTasksCommand({ cluster: 'stage', tasks: [arn] }))).tasks?.[0] ?? {};
  const inStatus = async (arn: string | undefined, status: string): Promise<Task> =>
    await eventually(async () => {
      const task = await look(arn);
      return task.lastStatus === status ? task : undefined;
    });
  const logged = async (arn = ''): Promise<(string | undefined)[]> => {
    const logStreamName = `job/main/${arn.split('/').at(-1)}`;
    const { events = [] } = await logs.send(
      new GetLogEventsCommand({ logGroupName: '/app', logStreamName, startFromHead: true }),
    );
    return events.map(({ message }) => message);
  };
  return { fake, ecs, register, run, look, inStatus, logged };
}

test('a task runs its command to the end: exit code, digest, log', async () => {
  const { fake, register, run, inStatus, logged } = await setting();
  const image = await pushApp(fake.world, { source: `console.log('hello', process.env.WHO); process.exit(3)` });
  const definition = await register(image, { environment: [{ name: 'WHO', value: 'world' }] });
  const { taskArn, lastStatus } = await run(definition, { startedBy: 'r1' });
  expect(lastStatus).toBe('PROVISIONING');
  const task = await inStatus(taskArn, 'STOPPED');
  expect(task).toMatchObject({
    startedBy: 'r1',
    desiredStatus: 'STOPPED',
    stopCode: 'EssentialContainerExited',
    stoppedReason: 'Essential container in task exited',
    containers: [{ exitCode: 3, lastStatus: 'STOPPED', imageDigest: image.split('@')[1] }],
  });
  expect(await logged(taskArn)).toEqual(['hello world']);
});

test('a command is overridden, and a client token runs it once', async () => {
  const { fake, register, run, inStatus, logged, ecs } = await setting();
  const definition = await register(await pushApp(fake.world, { source: 'setInterval(() => {}, 1000)' }));
  const changes = {
    clientToken: 'r1-migrate',
    startedBy: 'r1',
    overrides: {
      containerOverrides: [{ name: 'main', command: ['node', '-e', 'console.log(process.argv[1])', 'up'] }],
    },
  };
  const first = await run(definition, changes);
  const again = await run(definition, changes);
  expect(again.taskArn).toBe(first.taskArn);
  await inStatus(first.taskArn, 'STOPPED');
  expect(await logged(first.taskArn)).toEqual(['up']);
  await expect(run(definition, { ...changes, startedBy: 'r2' })).rejects.toMatchObject({ name: 'ConflictException' });
  const stopped = await ecs.send(new ListTasksCommand({ cluster: 'stage', desiredStatus: 'STOPPED', startedBy: 'r1' }));
  expect(stopped.taskArns).toEqual([first.taskArn]);
});

test('secrets come from Secrets Manager and Parameter Store', async () => {
  const { fake, register, run, inStatus, logged } = await setting();
  const secrets = new SecretsManagerClient(fake.client);
  const plain = await secrets.send(new CreateSecretCommand({ Name: 'agentctl/a/KEY', SecretString: 'sk-1' }));
  await secrets.send(new CreateSecretCommand({ Name: 'agentctl/a/postgres', SecretString: '{"password":"p w"}' }));
  await new SSMClient(fake.client).send(new PutParameterCommand({ Name: '/agentctl/a/X', Value: 'x', Type: 'String' }));
  const source = `console.log([process.env.KEY, process.env.PASSWORD, process.env.X].join('|'))`;
  const definition = await register(await pushApp(fake.world, { source }), {
    secrets: [
      { name: 'KEY', valueFrom: plain.ARN },
      // As CDK writes a secret by name: its ARN without the six characters.
      {
        name: 'PASSWORD',
        valueFrom: 'arn:aws:secretsmanager:eu-central-1:123456789012:secret:agentctl/a/postgres:password::',
      },
      { name: 'X', valueFrom: 'arn:aws:ssm:eu-central-1:123456789012:parameter/agentctl/a/X' },
    ],
  });
  const { taskArn } = await run(definition);
  await inStatus(taskArn, 'STOPPED');
  expect(await logged(taskArn)).toEqual(['sk-1|p w|x']);
});

test.each([
  {
    what: 'a secret that is not there',
    container: {
      secrets: [{ name: 'A', valueFrom: 'arn:aws:secretsmanager:eu-central-1:123456789012:secret:nope' }],
    },
    reason: /^ResourceInitializationError: unable to pull secrets .* ResourceNotFoundException/,
  },
  {
    what: 'an image that is not there',
    container: { image: '123456789012.dkr.ecr.eu-central-1.amazonaws.com/app:nope' },
    reason: /^CannotPullContainerError: .*not found$/,
  },
  {
    what: 'a command that is not there',
    container: { command: ['no-such-program'] },
    reason: /^CannotStartContainerError: .*"no-such-program": executable file not found/,
  },
  {
    what: 'a log group that is not there',
    container: { logConfiguration: { logDriver: 'awslogs' as const, options: { 'awslogs-group': '/nope' } } },
    reason: /^ResourceInitializationError: failed to validate logger args/,
  },
])('$what: the task fails to start', async ({ container, reason }) => {
  const { fake, register, run, inStatus } = await setting();
  const { taskArn } = await run(await register(await pushApp(fake.world, { source: '' }), container));
  const task = await inStatus(taskArn, 'STOPPED');
  expect(task).toMatchObject({ stopCode: 'TaskFailedToStart', stoppedReason: expect.stringMatching(reason) });
});

test('two tasks listen on the same port, each at its own address, and stop when they are told to', async () => {
  const { fake, ecs, register, run, inStatus, logged } = await setting();
  const definition = await register(await pushApp(fake.world, { source: helloApp('hi') }));
  const tasks = await Promise.all([run(definition), run(definition)]);
  for (const { taskArn = '' } of tasks) {
    await eventually(async () => (await logged(taskArn).catch((): string[] => [])).includes('listening'));
    const address = fake.world.state(ecsState).cluster('stage').tasks.get(taskArn)?.address;
    expect(await (await fetch(`http://${address}:8000/`)).text()).toBe('hi');
  }
  for (const { taskArn } of tasks) {
    await ecs.send(new StopTaskCommand({ cluster: 'stage', task: taskArn, reason: 'enough' }));
    const task = await inStatus(taskArn, 'STOPPED');
    expect(task).toMatchObject({ stopCode: 'UserInitiated', stoppedReason: 'enough', containers: [{ exitCode: 0 }] });
    expect(await logged(taskArn)).toEqual(['listening', 'stopping']);
  }
});

test('what ignores SIGTERM is killed after its stop timeout', async () => {
  const { fake, ecs, register, run, inStatus, logged } = await setting();
  const source = `process.on('SIGTERM', () => console.log('no')); console.log('up'); setInterval(() => {}, 1000);`;
  const { taskArn } = await run(await register(await pushApp(fake.world, { source }), { stopTimeout: 1 }));
  await eventually(async () => (await logged(taskArn).catch((): string[] => [])).includes('up'));
  await ecs.send(new StopTaskCommand({ cluster: 'stage', task: taskArn }));
  expect((await inStatus(taskArn, 'STOPPED')).containers).toMatchObject([{ exitCode: 137 }]);
});

test('what cannot run is refused', async () => {
  const { fake, ecs, register, run } = await setting();
  const definition = await register(await pushApp(fake.world, { source: '' }));
  await expect(run(definition, { cluster: 'other' })).rejects.toMatchObject({ name: 'ClusterNotFoundException' });
  await expect(run('job:99')).rejects.toMatchObject({ name: 'ClientException', message: 'TaskDefinition not found.' });
  await expect(run(definition, { networkConfiguration: undefined })).rejects.toThrow('Network Configuration must be');
  await expect(run(definition, { launchType: undefined })).rejects.toThrow('No Container Instances were found');
  const overrides = { containerOverrides: [{ name: 'nope' }] };
  await expect(run(definition, { overrides })).rejects.toThrow('Override for container named nope');
  const missing = await ecs.send(new DescribeTasksCommand({ cluster: 'stage', tasks: ['nope'] }));
  expect(missing).toMatchObject({ tasks: [], failures: [{ arn: 'nope', reason: 'MISSING' }] });
});
