import { ECS, type ContainerDefinition } from '@aws-sdk/client-ecs';
import { expect, test } from 'vitest';
import type { RunTaskRequest } from '../../../../cli/tools/aws/tasks/task-tools.js';
import { eventually } from '../../../support/eventually.js';
import { pushApp } from '../../../support/fake-aws/fake-app.js';
import { clientOptions } from '../../../support/fake-aws/fake-for-test.js';
import { logStore } from '../../../support/fake-aws/services/logs/log-store.js';
import { awsForFile } from './aws-on-the-fake.js';

const { fake, aws, open, signal } = await awsForFile();
const ecs = new ECS(clientOptions(fake));
await ecs.createCluster({ clusterName: 'stage' });
fake.world.state(logStore).createGroup('/app');
const cluster = 'stage';

/** A task definition of one program; returns its ARN. */
async function definitionOf(source: string, container: Partial<ContainerDefinition> = {}): Promise<string> {
  const image = await pushApp(fake.world, { source });
  const { taskDefinition } = await ecs.registerTaskDefinition({
    family: `job-${fake.world.newId(6)}`,
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
  });
  return taskDefinition?.taskDefinitionArn ?? '';
}

function request(taskDefinition: string, startedBy: string, more: Partial<RunTaskRequest> = {}): RunTaskRequest {
  return {
    cluster,
    taskDefinition,
    subnetIds: ['subnet-1'],
    securityGroupIds: ['sg-1'],
    clientToken: `${startedBy}-migrate`,
    startedBy,
    ...more,
  };
}

function tasksOf(startedBy: string) {
  return fake.calls.filter(({ operation, input }) => operation === 'RunTask' && input['startedBy'] === startedBy);
}

test('a task runs to its end: every line in order, its exit code and its digest', async () => {
  const source = `for (const line of ['one', 'two', process.argv[2] ?? '']) console.log(line); process.exit(3)`;
  const definition = await definitionOf(source);
  const { arn, startedBy } = await aws.tasks.run(
    request(definition, 'r1', { command: ['node', 'main.mjs', 'three'], tags: { release: 'r1' } }),
    signal,
  );
  const lines: string[] = [];
  const ended = await aws.tasks.wait({ cluster, task: arn, onLine: (line) => void lines.push(line), signal });

  expect(startedBy).toBe('r1');
  expect(lines).toEqual(['one', 'two', 'three']);
  expect(ended).toMatchObject({
    status: 'STOPPED',
    stopCode: 'EssentialContainerExited',
    exitCode: 3,
    containers: [{ name: 'main', exitCode: 3, digest: expect.stringMatching(/^sha256:[0-9a-f]{64}$/) as string }],
  });
  expect(await aws.tasks.state(cluster, arn, signal)).toMatchObject({ status: 'STOPPED', exitCode: 3 });
});

test('its end is waited for although what it prints cannot be read, which is said once', async () => {
  const definition = await definitionOf(`console.log('one'); setTimeout(() => process.exit(4), 300)`);
  const { arn } = await aws.tasks.run(request(definition, 'unread'), signal);
  const allow = fake.fail({ service: 'logs', operation: 'GetLogEvents', kind: 'denied', times: 100 });
  const [lines, unreadable]: [string[], unknown[]] = [[], []];
  const ended = await aws.tasks.wait({
    cluster,
    task: arn,
    onLine: (line) => void lines.push(line),
    onUnreadable: (error) => void unreadable.push(error),
    signal,
  });
  allow();

  expect(ended).toMatchObject({ status: 'STOPPED', exitCode: 4 });
  expect(lines).toEqual([]);
  expect(unreadable).toMatchObject([{ message: expect.stringContaining('AWS denied logs:GetLogEvents') as string }]);
});

test('a task that may not be watched any more is not left to itself', async () => {
  const definition = await definitionOf(`process.on('SIGTERM', () => process.exit(0)); setInterval(() => {}, 1000)`);
  const { arn } = await aws.tasks.run(request(definition, 'unwatched'), signal);
  const allow = fake.fail({ service: 'ecs', operation: 'DescribeTasks', kind: 'denied', times: 100 });
  await expect(aws.tasks.wait({ cluster, task: arn, stopOnAbort: true, signal })).rejects.toMatchObject({
    message: expect.stringContaining('AWS denied ecs:DescribeTasks') as string,
  });
  allow();

  expect(await aws.tasks.wait({ cluster, task: arn, signal })).toMatchObject({ status: 'STOPPED' });
});

test('what one process has started another one finds by its starter, and waits for', async () => {
  const definition = await definitionOf(
    `console.log('up'); process.on('SIGUSR1', () => process.exit(0));
    import('node:fs').then(({ existsSync }) => setInterval(() => existsSync(process.env.GO) && process.exit(0), 20));`,
    {
      environment: [{ name: 'GO', value: `${fake.world.directory}/go` }],
    },
  );
  const long = `r2-${'x'.repeat(80)}`;
  const first = await aws.tasks.run(request(definition, 'r2', { clientToken: long }), signal);
  const other = open();
  expect((await other.tasks.run(request(definition, 'r2', { clientToken: long }), signal)).arn).toBe(first.arn);
  expect(await other.tasks.startedBy(cluster, 'r2', signal)).toMatchObject([{ arn: first.arn, stoppedAt: null }]);

  const waiting = other.tasks.wait({ cluster, task: first.arn, signal });
  const { writeFileSync } = await import('node:fs');
  writeFileSync(`${fake.world.directory}/go`, '');
  expect(await waiting).toMatchObject({ exitCode: 0 });
  expect(await other.tasks.startedBy(cluster, 'r2', signal)).toMatchObject([{ arn: first.arn, status: 'STOPPED' }]);
  expect(await other.tasks.ofFamily(cluster, definition.split('/')[1]?.split(':')[0] ?? '', signal)).toHaveLength(1);
});

test('a lost answer to RunTask starts one task', async () => {
  const definition = await definitionOf('process.exit(0)');
  fake.fail({ service: 'ecs', operation: 'RunTask', kind: 'reply-lost' });
  const { arn } = await aws.tasks.run(request(definition, 'r3'), signal);

  expect(await aws.tasks.wait({ cluster, task: arn, signal })).toMatchObject({ exitCode: 0 });
  expect(tasksOf('r3')).toHaveLength(2);
  expect(await aws.tasks.startedBy(cluster, 'r3', signal)).toHaveLength(1);
});

test('a wait that is interrupted stops the task when it is to, and leaves it otherwise', async () => {
  const source = `process.on('SIGTERM', () => { console.log('bye'); process.exit(143); }); console.log('up'); setInterval(() => {}, 1000);`;
  const definition = await definitionOf(source);
  const { arn } = await aws.tasks.run(request(definition, 'r4'), signal);

  const leaving = new AbortController();
  const left = aws.tasks.wait({ cluster, task: arn, onLine: () => leaving.abort(), signal: leaving.signal });
  await expect(left).rejects.toMatchObject({ name: 'AbortError' });
  expect(await aws.tasks.state(cluster, arn, signal)).toMatchObject({ status: 'RUNNING', exitCode: null });

  const stopping = new AbortController();
  const lines: string[] = [];
  const stopped = await aws.tasks.wait({
    cluster,
    task: arn,
    onLine: (line) => {
      lines.push(line);
      stopping.abort();
    },
    stopOnAbort: true,
    signal: stopping.signal,
  });
  expect(stopped).toMatchObject({ stopCode: 'UserInitiated', stoppedReason: 'interrupted', exitCode: 143 });
  expect(lines).toEqual(['up', 'bye']);
  await aws.tasks.stop(cluster, arn, 'again', signal);
});

test('a task that cannot start says why', async () => {
  const definition = await definitionOf('', {
    secrets: [{ name: 'KEY', valueFrom: 'arn:aws:secretsmanager:eu-central-1:123456789012:secret:nope' }],
  });
  const { arn } = await aws.tasks.run(request(definition, 'r5'), signal);
  const lines: string[] = [];
  const ended = await aws.tasks.wait({ cluster, task: arn, onLine: (line) => void lines.push(line), signal });

  expect(ended).toMatchObject({
    stopCode: 'TaskFailedToStart',
    stoppedReason: expect.stringMatching(/^ResourceInitializationError: unable to pull secrets/) as string,
    exitCode: null,
  });
  expect(lines).toEqual([]);
});

test('what is not there: no task, no cluster', async () => {
  expect(await aws.tasks.wait({ cluster, task: 'nope', signal })).toBeUndefined();
  expect(await aws.tasks.state(cluster, 'nope', signal)).toBeUndefined();
  await aws.tasks.stop(cluster, 'nope', 'not there', signal);
  const definition = await definitionOf('');
  await expect(aws.tasks.run(request(definition, 'r6', { cluster: 'other' }), signal)).rejects.toMatchObject({
    code: 'ToolFailed',
    retryable: false,
    message: expect.stringContaining('Cluster not found') as string,
  });
});

test('a throttled AWS is asked again while it is waited for', async () => {
  const definition = await definitionOf('process.exit(0)');
  const { arn } = await aws.tasks.run(request(definition, 'r7'), signal);
  fake.fail({ service: 'ecs', operation: 'DescribeTasks', kind: 'throttled', times: 3 });
  fake.fail({ service: 'logs', operation: 'GetLogEvents', kind: 'reset', times: 2 });
  expect(await aws.tasks.wait({ cluster, task: arn, onLine: () => undefined, signal })).toMatchObject({ exitCode: 0 });
  await eventually(async () => (await aws.tasks.startedBy(cluster, 'r7', signal)).length === 1);
});
