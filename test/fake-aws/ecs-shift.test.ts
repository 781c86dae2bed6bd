import {
  DescribeServiceDeploymentsCommand,
  ECSClient,
  ListServiceDeploymentsCommand,
  type ServiceDeployment,
  StopServiceDeploymentCommand,
} from '@aws-sdk/client-ecs';
import { DescribeRulesCommand, ElasticLoadBalancingV2Client } from '@aws-sdk/client-elastic-load-balancing-v2';
import { expect, test } from 'vitest';
import { eventually } from '../support/eventually.js';
import { helloApp, pushApp } from '../support/fake-aws/fake-app.js';
import { fakeForTest } from '../support/fake-aws/fake-for-test.js';
import { fakeTiming } from '../support/fake-aws/fake-timing.js';
import { alarmStore } from '../support/fake-aws/services/cloudwatch/alarm-store.js';
import { makeResource, makeShiftingService, type ShiftingService } from '../support/fake-aws/web-service.js';

async function setting() {
  const fake = await fakeForTest();
  const ecs = new ECSClient(fake.client);
  const balancers = new ElasticLoadBalancingV2Client(fake.client);
  const newest = async (): Promise<ServiceDeployment | undefined> => {
    const listed = await ecs.send(new ListServiceDeploymentsCommand({ cluster: 'stage', service: 'web' }));
    const serviceDeploymentArns = [listed.serviceDeployments?.[0]?.serviceDeploymentArn ?? ''];
    return (await ecs.send(new DescribeServiceDeploymentsCommand({ serviceDeploymentArns }))).serviceDeployments?.[0];
  };
  const weights = async ({ ruleArn }: ShiftingService): Promise<readonly (number | undefined)[]> => {
    const { Rules } = await balancers.send(new DescribeRulesCommand({ RuleArns: [ruleArn] }));
    return (Rules?.[0]?.Actions?.[0]?.ForwardConfig?.TargetGroups ?? []).map(({ Weight }) => Weight);
  };
  return { world: fake.world, ecs, newest, weights };
}

const text = async (url: string): Promise<string> => await (await fetch(url)).text();
const canary = { Strategy: 'CANARY', BakeTimeInMinutes: 5, CanaryConfiguration: { CanaryPercent: 10 } };

test('all traffic moves at once, to and fro between two target groups, without a failed request', async () => {
  const { world, newest, weights } = await setting();
  const web = await makeShiftingService(world, await pushApp(world, { source: helloApp('one') }));
  expect(await weights(web)).toEqual([100, 0]);
  const answers: string[] = [];
  let isOver = false;
  const asking = (async () => {
    while (!isOver) answers.push(await text(web.url));
  })();
  await web.roll(await pushApp(world, { source: helloApp('two') }));
  expect(await weights(web)).toEqual([0, 100]);
  expect(await newest()).toMatchObject({ status: 'SUCCESSFUL', lifecycleStage: 'CLEAN_UP' });
  expect(await text(web.url)).toBe('two');
  await web.roll(await pushApp(world, { source: helloApp('three') }));
  expect(await weights(web)).toEqual([100, 0]);
  isOver = true;
  await asking;
  expect(new Set(answers)).toEqual(new Set(['one', 'two', 'three']));
});

test('an alarm in the first step brings all of the traffic back', async () => {
  const { world, newest, weights } = await setting();
  await makeResource(world, 'AWS::CloudWatch::Alarm', 'Errors', { AlarmName: 'errors' });
  const configuration = { ...canary, Alarms: { AlarmNames: ['errors'], Enable: true, Rollback: true } };
  const web = await makeShiftingService(world, await pushApp(world, { source: helloApp('one') }), configuration);
  world.state(fakeTiming).shiftMilliseconds = 60_000;
  const rolled = web.roll(await pushApp(world, { source: helloApp('two') }));
  rolled.catch(() => undefined);
  await eventually(async () => (await weights(web))[1] === 10);
  expect(await newest()).toMatchObject({ status: 'IN_PROGRESS', lifecycleStage: 'PRODUCTION_TRAFFIC_SHIFT' });
  world.state(alarmStore).set('errors', 'ALARM');
  await expect(rolled).rejects.toThrow('Alarms were triggered');
  expect(await weights(web)).toEqual([100, 0]);
  await eventually(async () => (await newest())?.status === 'ROLLBACK_SUCCESSFUL');
  expect(await text(web.url)).toBe('one');
});

test('tasks that crash end nothing by themselves: no circuit breaker is for this; it is stopped', async () => {
  const { world, ecs, newest, weights } = await setting();
  const breaker = { DeploymentCircuitBreaker: { Enable: true, Rollback: true } };
  const web = await makeShiftingService(world, await pushApp(world, { source: helloApp('one') }), breaker);
  const rolled = web.roll(await pushApp(world, { source: 'process.exit(1)' }));
  rolled.catch(() => undefined);
  const failing = await eventually(async () => {
    const found = await newest();
    return (found?.deploymentCircuitBreaker?.failureCount ?? 0) > 4 ? found : undefined;
  });
  expect(failing).toMatchObject({ status: 'IN_PROGRESS', lifecycleStage: 'SCALE_UP' });
  const { serviceDeploymentArn } = failing;
  await ecs.send(new StopServiceDeploymentCommand({ serviceDeploymentArn, stopType: 'ROLLBACK' }));
  await expect(rolled).rejects.toThrow('was stopped');
  await eventually(async () => (await newest())?.status === 'ROLLBACK_SUCCESSFUL');
  expect(await weights(web)).toEqual([100, 0]);
  expect(await text(web.url)).toBe('one');
});
