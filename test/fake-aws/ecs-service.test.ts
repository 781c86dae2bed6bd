import {
  DescribeServiceDeploymentsCommand,
  DescribeServiceRevisionsCommand,
  DescribeServicesCommand,
  ECSClient,
  ListServiceDeploymentsCommand,
  ListTasksCommand,
  type Service,
  type ServiceDeployment,
} from '@aws-sdk/client-ecs';
import { DescribeTargetHealthCommand, ElasticLoadBalancingV2Client } from '@aws-sdk/client-elastic-load-balancing-v2';
import { expect, test } from 'vitest';
import { eventually } from '../support/eventually.js';
import { helloApp, pushApp } from '../support/fake-aws/fake-app.js';
import { fakeForTest } from '../support/fake-aws/fake-for-test.js';
import { fakeTiming } from '../support/fake-aws/fake-timing.js';
import { alarmStore } from '../support/fake-aws/services/cloudwatch/alarm-store.js';
import { ecsState } from '../support/fake-aws/services/ecs/ecs-state.js';
import { runSchedule } from '../support/fake-aws/services/scheduler/schedules.js';
import { makeResource, makeWebService } from '../support/fake-aws/web-service.js';

async function setting() {
  const fake = await fakeForTest();
  const ecs = new ECSClient(fake.client);
  const look = async (): Promise<Service | undefined> =>
    (await ecs.send(new DescribeServicesCommand({ cluster: 'stage', services: ['web'] }))).services?.[0];
  const lastDeployment = async (): Promise<ServiceDeployment | undefined> => {
    const { serviceDeployments = [] } = await ecs.send(
      new ListServiceDeploymentsCommand({ cluster: 'stage', service: 'web' }),
    );
    const serviceDeploymentArns = serviceDeployments
      .slice(0, 1)
      .map(({ serviceDeploymentArn = '' }) => serviceDeploymentArn);
    return (await ecs.send(new DescribeServiceDeploymentsCommand({ serviceDeploymentArns }))).serviceDeployments?.[0];
  };
  return { fake, world: fake.world, ecs, look, lastDeployment };
}

const text = async (url: string): Promise<string> => await (await fetch(url)).text();

test('a service serves through its load balancer; a new image replaces the old one without a failed request', async () => {
  const { fake, world, ecs, look, lastDeployment } = await setting();
  const web = await makeWebService(world, await pushApp(world, { source: helloApp('one') }));
  expect(await text(web.url)).toBe('one');
  expect(await look()).toMatchObject({
    desiredCount: 2,
    runningCount: 2,
    deployments: [{ status: 'PRIMARY', rolloutState: 'COMPLETED', runningCount: 2, failedTasks: 0 }],
  });
  const seen: string[] = [];
  let isOver = false;
  const asking = (async () => {
    while (!isOver) seen.push(await text(web.url));
  })();
  const next = await pushApp(world, { source: helloApp('two') });
  await web.roll(next);
  isOver = true;
  await asking;
  expect(new Set(seen)).toEqual(new Set(['one', 'two']));
  expect(await text(web.url)).toBe('two');
  const deployment = await lastDeployment();
  expect(deployment).toMatchObject({ status: 'SUCCESSFUL', targetServiceRevision: { runningTaskCount: 2 } });
  const { serviceRevisions } = await ecs.send(
    new DescribeServiceRevisionsCommand({ serviceRevisionArns: [deployment?.targetServiceRevision?.arn ?? ''] }),
  );
  expect(serviceRevisions?.[0]?.containerImages).toMatchObject([{ imageDigest: next.split('@')[1] }]);
  const health = await new ElasticLoadBalancingV2Client(fake.client).send(
    new DescribeTargetHealthCommand({ TargetGroupArn: web.targetGroupArn }),
  );
  expect(health.TargetHealthDescriptions?.map(({ TargetHealth }) => TargetHealth?.State)).toEqual([
    'healthy',
    'healthy',
  ]);
  expect((await look())?.events?.[0]?.message).toBe('(service web) has reached a steady state.');
});

test.each([
  { what: 'crashes', source: 'process.exit(1)', failures: 3 },
  { what: 'is never well', source: helloApp('bad', 500), failures: 3 },
])('an image that $what trips the circuit breaker: the old one serves on, the resource fails', async ({ source }) => {
  const { world, look, lastDeployment, ecs } = await setting();
  world.state(fakeTiming).longestGraceSeconds = 2;
  const web = await makeWebService(world, await pushApp(world, { source: helloApp('one') }));
  const before = await look();
  await expect(web.roll(await pushApp(world, { source }))).rejects.toThrow(
    'ECS Deployment Circuit Breaker was triggered',
  );
  const after = await eventually(async () => {
    const service = await look();
    const isBack = service?.deployments?.length === 1 && service.deployments[0]?.rolloutState === 'COMPLETED';
    return isBack ? service : undefined;
  });
  expect(after.taskDefinition).toBe(before?.taskDefinition);
  expect(after.deployments?.[0]?.id).toBe(before?.deployments?.[0]?.id);
  expect(await text(web.url)).toBe('one');
  expect(await lastDeployment()).toMatchObject({
    status: 'ROLLBACK_SUCCESSFUL',
    statusReason: 'ECS deployment circuit breaker: tasks failed to start.',
    deploymentCircuitBreaker: { status: 'TRIGGERED', threshold: 3 },
  });
  const messages = after.events?.map(({ message = '' }) => message).join('\n');
  expect(messages).toMatch(/deployment failed: tasks failed to start\.\n/);
  expect(messages).toMatch(/rolling back to deployment ecs-svc\/\d+\./);
  expect((await ecs.send(new ListTasksCommand({ cluster: 'stage', serviceName: 'web' }))).taskArns).toHaveLength(2);
});

test('an alarm that goes off during a deployment rolls it back', async () => {
  const { world, lastDeployment } = await setting();
  await makeResource(world, 'AWS::CloudWatch::Alarm', 'Errors', { AlarmName: 'errors' });
  const changes = {
    DeploymentConfiguration: { Alarms: { AlarmNames: ['errors'], Enable: true, Rollback: true } },
  };
  const web = await makeWebService(world, await pushApp(world, { source: helloApp('one') }), changes);
  world.state(fakeTiming).alarmBakeMilliseconds = 60_000;
  const rolled = web.roll(await pushApp(world, { source: helloApp('two') }), changes);
  rolled.catch(() => undefined);
  await eventually(async () => (await text(web.url)) === 'two');
  world.state(alarmStore).set('errors', 'ALARM');
  await expect(rolled).rejects.toThrow('Alarm');
  world.state(fakeTiming).alarmBakeMilliseconds = 0;
  await eventually(async () => (await lastDeployment())?.status === 'ROLLBACK_SUCCESSFUL');
  expect(await lastDeployment()).toMatchObject({ alarms: { status: 'TRIGGERED', triggeredAlarmNames: ['errors'] } });
  expect(await text(web.url)).toBe('one');
});

test('a task that dies is replaced, and a stream that is under way outlives a rollout', async () => {
  const { world, look } = await setting();
  const source = `
import { createServer } from 'node:http';
const server = createServer((request, response) => {
  if (request.url === '/health') return void response.end('ok');
  if (request.url === '/die') process.exit(1);
  if (request.url !== '/stream') return void response.end('one');
  response.write('first ');
  const timer = setInterval(() => response.write('.'), 20);
  setTimeout(() => { clearInterval(timer); response.end('last'); }, 1500);
});
server.listen(8000, '0.0.0.0');
process.on('SIGTERM', () => server.close(() => process.exit(0)));
`;
  const web = await makeWebService(world, await pushApp(world, { source }));
  const first = await fetch(`${web.url}/die`).catch(() => undefined);
  expect([undefined, 502]).toContain(first?.status);
  const tasks = [...world.state(ecsState).cluster('stage').tasks.values()];
  await eventually(() => tasks.some(({ stopCode }) => stopCode === 'EssentialContainerExited'));
  await eventually(async () => (await look())?.runningCount === 2);
  const stream = fetch(`${web.url}/stream`);
  await eventually(async () => (await stream).status === 200);
  await web.roll(await pushApp(world, { source: helloApp('two') }));
  expect(await (await stream).text()).toMatch(/^first \.+last$/);
});

test('a service ends with its tasks', async () => {
  const { world, ecs } = await setting();
  const web = await makeWebService(world, await pushApp(world, { source: helloApp('one') }));
  await web.service.delete();
  const { taskArns } = await ecs.send(new ListTasksCommand({ cluster: 'stage' }));
  expect(taskArns).toEqual([]);
  expect((await fetch(web.url)).status).toBe(503);
});

test('a scalable target raises a service to its minimum; a schedule runs its task when it is told to', async () => {
  const { world, look } = await setting();
  const image = await pushApp(world, { source: helloApp('one') });
  await makeWebService(world, image, { DesiredCount: undefined });
  await makeResource(world, 'AWS::ApplicationAutoScaling::ScalableTarget', 'Scale', {
    ResourceId: 'service/stage/web',
    ScalableDimension: 'ecs:service:DesiredCount',
    ServiceNamespace: 'ecs',
    MinCapacity: 2,
    MaxCapacity: 4,
  });
  await eventually(async () => (await look())?.runningCount === 2);
  await makeResource(world, 'AWS::Scheduler::Schedule', 'Nightly', {
    Name: 'nightly',
    Target: {
      Arn: world.state(ecsState).cluster('stage').arn,
      EcsParameters: {
        TaskDefinitionArn: (await look())?.taskDefinition,
        LaunchType: 'FARGATE',
        NetworkConfiguration: { AwsvpcConfiguration: { Subnets: ['subnet-1'] } },
      },
    },
  });
  const [task] = runSchedule(world, 'nightly');
  await eventually(() => task?.lastStatus === 'RUNNING');
});
