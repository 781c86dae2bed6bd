import * as iam from 'aws-cdk-lib/aws-iam';
import { Duration } from 'aws-cdk-lib/core';
import { describe, expect, test } from 'vitest';
import {
  AgentDashboard,
  FargateWebService,
  FargateWorker,
  MetricNamespace,
  type Rollout,
  ServiceAlarms,
  ServiceDownAlarm,
  ServiceEvents,
} from '../../../../constructs/aws/index.js';
import { type SynthesizedStack, synthesizedStack } from '../../../support/synthesized-stack.js';
import { taskSurroundings, topicArn } from '../../../support/task-surroundings.js';

const observed = (rollout: Rollout = { kind: 'rolling' }) =>
  synthesizedStack((stack) => {
    const { cluster, image, topic, newLoadBalancer } = taskSurroundings(stack);
    const api = new FargateWebService(stack, 'Api', {
      cluster,
      image,
      serviceName: 'api',
      port: 8000,
      ingress: { loadBalancer: newLoadBalancer(), routes: [{ path: '/', priority: 1 }] },
      readiness: { path: '/health' },
      rollout,
    });
    const worker = new FargateWorker(stack, 'Worker', { cluster, image, serviceName: 'worker' });
    const { service, targetGroups } = api;
    new ServiceAlarms(stack, 'ApiAlarms', { topic, service, minTasks: 2, targetGroups, latency: Duration.seconds(3) });
    new ServiceAlarms(stack, 'WorkerAlarms', { topic, service: worker.service, minTasks: 0 });
    const down = new ServiceDownAlarm(stack, 'ApiDown', { topic, service, targetGroups });
    new ServiceDownAlarm(stack, 'WorkerDown', { topic, service: worker.service });
    new ServiceEvents(stack, 'Events', { topic, cluster });
    const metrics = new MetricNamespace(stack, 'Metrics', { namespace: 'Agent', metricNames: ['Tokens'] });
    metrics.grantPublish(api.taskDefinition.taskRole);
    const services = [
      { name: 'api', service, targetGroups },
      { name: 'worker', service: worker.service },
    ];
    new AgentDashboard(stack, 'Dashboard', { services, metrics, alarms: [down.alarm], databaseInstanceId: 'db' });
  });

const made = observed();

function alarms(prefix: string, { resources }: SynthesizedStack = made) {
  return Object.entries(resources).filter(
    ([id, { Type }]) => Type === 'AWS::CloudWatch::Alarm' && id.startsWith(prefix),
  );
}

describe('alarms of a service', () => {
  test('a public one has six, with latency when it is asked for', () => {
    const ids = alarms('ApiAlarms').map(([id]) => id.replace(/^ApiAlarms(.*?)[0-9A-F]{8}$/, '$1'));
    expect(ids.toSorted()).toEqual(['Cpu', 'Errors', 'Latency1', 'Memory', 'Tasks', 'Unhealthy1']);
  });

  test('one that may have no tasks has none about too few', () => {
    expect(alarms('WorkerAlarms')).toHaveLength(2);
  });

  test('no task at all is alarming, and no data about them as well', () => {
    const [tasks] = alarms('ApiAlarmsTasks');
    expect(tasks?.[1].Properties).toMatchObject({ Threshold: 2, TreatMissingData: 'breaching' });
  });
});

describe('a service that is down', () => {
  const composites = made.all('AWS::CloudWatch::CompositeAlarm');

  test('is one alarm that tells the topic; those it is made of tell nobody', () => {
    expect(composites).toMatchObject([1, 2].map(() => ({ AlarmActions: [topicArn], OKActions: [topicArn] })));
    const parts = [...alarms('ApiDown'), ...alarms('WorkerDown')];
    expect(parts.map(([id]) => id.replace(/[0-9A-F]{8}$/, ''))).toEqual(
      expect.arrayContaining(['ApiDownNothingServes', 'ApiDownMostFail', 'WorkerDownNothingRuns']),
    );
    expect(parts.filter(([, { Properties }]) => Properties?.['AlarmActions'] !== undefined)).toEqual([]);
  });

  test('goes off for any of them', () => {
    expect(JSON.stringify(composites[0]?.['AlarmRule'])).toMatch(/ALARM\(.*ApiDown.* OR ALARM\(.*ApiDown/);
  });

  test('is not down while its first tasks start', () => {
    const service = Object.entries(made.resources).find(([, { Properties }]) => Properties?.['ServiceName'] === 'api');
    for (const [, { DependsOn }] of alarms('ApiDown')) expect(DependsOn).toContain(service?.[0]);
  });

  test('is up while tasks of either target group are healthy', () => {
    const [serves] = alarms('ApiDownNothingServes', observed({ kind: 'blueGreen' }));
    expect(JSON.stringify(serves?.[1].Properties)).toContain('FILL(healthy0, 0) + FILL(healthy1, 0)');
  });
});

describe('events', () => {
  const rules = made.all('AWS::Events::Rule');
  const find = (type: string) => rules.find((rule) => JSON.stringify(rule['EventPattern']).includes(type));

  test('of a deployment that failed, for the services of the agent only', () => {
    expect(find('ECS Deployment State Change')).toMatchObject({
      EventPattern: { detail: { eventName: ['SERVICE_DEPLOYMENT_FAILED'] }, resources: [{ prefix: {} }] },
      Targets: [{ Arn: topicArn, InputTransformer: { InputPathsMap: { 'detail-reason': '$.detail.reason' } } }],
    });
  });

  test('of a task that ended by itself or did not start, not of one that scaling or a deployment stopped', () => {
    expect(find('ECS Task State Change')).toMatchObject({
      EventPattern: {
        detail: { lastStatus: ['STOPPED'], stopCode: ['EssentialContainerExited', 'TaskFailedToStart'] },
      },
      Targets: [{ Arn: topicArn }],
    });
    expect(JSON.stringify(find('ECS Task State Change'))).toContain('"group":[{"prefix":"service:"}]');
  });
});

describe('metrics of the application', () => {
  test('may be published into their namespace, and no other', () => {
    const policies = made.all('AWS::IAM::Policy').map((policy) => JSON.stringify(policy));
    expect(policies.filter((policy) => policy.includes('cloudwatch:PutMetricData'))).toEqual([
      expect.stringContaining('"Condition":{"StringEquals":{"cloudwatch:namespace":"Agent"}}'),
    ]);
  });

  test('acknowledge no rule that a task does not: the wildcard is that of the registry login', () => {
    const alone = synthesizedStack((stack) => {
      const role = new iam.Role(stack, 'Role', { assumedBy: new iam.ServicePrincipal('ecs-tasks.amazonaws.com') });
      new MetricNamespace(stack, 'Metrics', { namespace: 'Agent' }).grantPublish(role);
    });
    expect(alone.findings).toEqual([]);
    expect(alone.acknowledged).toEqual(['AwsSolutions-IAM5[Resource::*]']);
  });

  test.each(['AWS/ECS', 'with space', ''])('the namespace "%s" is refused', (namespace) => {
    expect(() => synthesizedStack((stack) => void new MetricNamespace(stack, 'M', { namespace }))).toThrow(
      'Test/M: namespace is',
    );
  });
});

test('the dashboard shows alarms, services, data and what the application publishes', () => {
  const body = JSON.stringify(made.only('AWS::CloudWatch::Dashboard')['DashboardBody']);
  for (const title of [
    'Alarms',
    'api: requests',
    'api: first byte (s)',
    'worker: tasks',
    'Postgres: CPU (%)',
    'Tokens',
  ])
    expect(body).toContain(title);
});

test('all of it has nothing that cdk-nag finds', () => {
  expect(made.findings).toEqual([]);
});
