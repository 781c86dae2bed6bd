import * as kms from 'aws-cdk-lib/aws-kms';
import * as route53 from 'aws-cdk-lib/aws-route53';
import * as ecs from 'aws-cdk-lib/aws-ecs';
import * as secretsmanager from 'aws-cdk-lib/aws-secretsmanager';
import type { Stack } from 'aws-cdk-lib/core';
import { beforeAll, describe, expect, test } from 'vitest';
import {
  AgentCluster,
  AgentctlBootstrap,
  AgentDashboard,
  AlertTopic,
  CacheAlarms,
  DatabaseAlarms,
  FargateWebService,
  FargateWorker,
  ImageRepository,
  MetricNamespace,
  OneOffTask,
  publishedBacklog,
  PublicLoadBalancer,
  QueueAlarms,
  scaleOnBacklog,
  scaleOnConnections,
  scaleOnMemory,
  scaleOnRequests,
  ScheduledTask,
  SearchAlarms,
  ServiceAlarms,
} from '../../../constructs/aws/index.js';
import { type Synthesized, synthesized, testImage, testVpc } from './synthesized.js';

const secret = (stack: Stack) =>
  ecs.Secret.fromSecretsManager(
    secretsmanager.Secret.fromSecretNameV2(stack, 'Secret', 'agentctl/agent/prod/secrets/KEY'),
  );

describe('everything that runs, in one stack', () => {
  let made: Synthesized;
  beforeAll(() => {
    made = synthesized((stack) => {
      const vpc = testVpc(stack);
      const encryptionKey = kms.Key.fromKeyArn(
        stack,
        'Key',
        'arn:aws:kms:us-east-1:123456789012:key/00000000-0000-0000-0000-000000000000',
      );
      const topic = new AlertTopic(stack, 'Alerts', { email: 'ops@example.com' }).topic;
      new ImageRepository(stack, 'Registry', { encryptionKey });
      const { cluster, namespace } = new AgentCluster(stack, 'Cluster', { vpc, namespaceName: 'agent.internal' });
      if (namespace === undefined) throw new Error('no namespace');
      const loadBalancer = new PublicLoadBalancer(stack, 'Entry', {
        vpc,
        hostName: 'agent.example.com',
        hostedZone: route53.HostedZone.fromHostedZoneId(stack, 'Zone', 'Z0123456789'),
      });
      const api = new FargateWebService(stack, 'Api', {
        cluster,
        serviceName: 'agent-prod-api',
        image: testImage(stack),
        environment: { KEY: secret(stack) },
        port: 8000,
        ingress: { loadBalancer, routes: [{ path: '/', priority: 100 }] },
        discovery: { namespace, name: 'api' },
        readiness: { path: '/health' },
        maxTasks: 10,
        scaling: [scaleOnRequests(), scaleOnConnections({ connectionsPerTask: 200 }), scaleOnMemory()],
      });
      const backlog = publishedBacklog({ namespace: 'Agent', metricName: 'QueueDepth' });
      const worker = new FargateWorker(stack, 'Worker', {
        cluster,
        serviceName: 'agent-prod-worker',
        image: testImage(stack),
        minTasks: 0,
        maxTasks: 5,
        scaling: [scaleOnBacklog({ messagesPerTask: 50, backlog })],
      });
      new OneOffTask(stack, 'Migrate', { image: testImage(stack), command: ['alembic', 'upgrade', 'head'] });
      new ScheduledTask(stack, 'Reindex', { cluster, image: testImage(stack), cron: '0 3 * * 0' });
      const metrics = new MetricNamespace(stack, 'Metrics', { namespace: 'Agent', metricNames: ['Latency'] });
      metrics.grantPublish(api.taskDefinition.taskRole);
      const alarms = [
        ...new ServiceAlarms(stack, 'ApiAlarms', {
          topic,
          service: api.service,
          minTasks: 2,
          targetGroups: api.targetGroups,
        }).alarms,
        ...new DatabaseAlarms(stack, 'DbAlarms', {
          topic,
          instanceId: 'db',
          maxConnections: 100,
          memoryMiB: 4096,
          storageGiB: 100,
        }).alarms,
        ...new SearchAlarms(stack, 'SearchAlarms', { topic, domainName: 'search', storageGiB: 100, nodes: 3 }).alarms,
        ...new CacheAlarms(stack, 'CacheAlarms', { topic, replicationGroupId: 'cache', nodes: 2 }).alarms,
        ...new QueueAlarms(stack, 'QueueAlarms', { topic, source: { kind: 'broker', brokerName: 'mq' } }).alarms,
      ];
      const services = [
        { name: 'api', service: api.service, targetGroups: api.targetGroups },
        { name: 'worker', service: worker.service },
      ];
      new AgentDashboard(stack, 'Dashboard', { services, databaseInstanceId: 'db', metrics, alarms });
    });
  });

  test('breaks no rule of AwsSolutions that is not acknowledged', () => {
    expect(made.findings).toEqual([]);
  });

  test('has no Lambda function', () => {
    expect(
      Object.values(made.resources).filter(({ Type }) => Type.startsWith('AWS::Lambda') || Type.startsWith('Custom::')),
    ).toEqual([]);
  });

  test('has no literal environment, no root, no writable root (ECS2, CT.ECS.PR.3, PR.6)', () => {
    const containers = made
      .all('AWS::ECS::TaskDefinition')
      .flatMap((task) => task['ContainerDefinitions'] as Record<string, unknown>[]);
    expect(containers).toHaveLength(5);
    for (const container of containers)
      expect(container).toMatchObject({
        User: '10001:10001',
        ReadonlyRootFilesystem: true,
        LogConfiguration: { LogDriver: 'awslogs' },
      });
    expect(containers.filter((container) => 'Environment' in container || container['Privileged'] === true)).toEqual(
      [],
    );
  });

  test('rolls out with a circuit breaker that counts three tasks, and alarms; the template has no desired count', () => {
    const api = made.all('AWS::ECS::Service').find((service) => service['ServiceName'] === 'agent-prod-api');
    expect(api).toMatchObject({
      AvailabilityZoneRebalancing: 'ENABLED',
      DeploymentConfiguration: {
        DeploymentCircuitBreaker: {
          Enable: true,
          Rollback: true,
          ResetOnHealthyTask: false,
          ThresholdConfiguration: { Type: 'COUNT', Value: 3 },
        },
        Alarms: { Enable: true, Rollback: true },
        MinimumHealthyPercent: 100,
        MaximumPercent: 200,
      },
      NetworkConfiguration: { AwsvpcConfiguration: { AssignPublicIp: 'DISABLED' } },
    });
    expect(api).not.toHaveProperty('DesiredCount');
  });

  test('ends a scheduled run after its timeout, with retries', () => {
    expect(made.only('AWS::Scheduler::Schedule')).toMatchObject({
      ScheduleExpression: 'cron(0 3 ? * 1 *)',
      ScheduleExpressionTimezone: 'Etc/UTC',
      Target: { RetryPolicy: { MaximumRetryAttempts: 3, MaximumEventAgeInSeconds: 3600 } },
    });
    const deadlines = made
      .all('AWS::ECS::TaskDefinition')
      .flatMap((task) => task['ContainerDefinitions'] as Record<string, unknown>[])
      .filter((container) => container['Name'] === 'deadline');
    expect(deadlines).toMatchObject([{ EntryPoint: ['sleep'], Command: ['3600'], Essential: true }]);
  });

  test('serves HTTPS only, with a firewall that counts large bodies and with logs (ELB2, CKV_AWS_103, AWS-0052)', () => {
    expect(made.all('AWS::ElasticLoadBalancingV2::Listener')).toMatchObject([
      {
        Port: 443,
        Protocol: 'HTTPS',
        SslPolicy: 'ELBSecurityPolicy-TLS13-1-2-Res-PQ-2025-09',
        DefaultActions: [{ Type: 'fixed-response' }],
      },
      { Port: 80, DefaultActions: [{ RedirectConfig: { Protocol: 'HTTPS', StatusCode: 'HTTP_301' } }] },
    ]);
    const rules = made.only('AWS::WAFv2::WebACL')['Rules'];
    expect(JSON.stringify(rules)).toContain('{"ActionToUse":{"Count":{}},"Name":"SizeRestrictions_BODY"}');
    const attributes = made.only('AWS::ElasticLoadBalancingV2::LoadBalancer')['LoadBalancerAttributes'] as {
      Key: string;
      Value: unknown;
    }[];
    expect(Object.fromEntries(attributes.map(({ Key, Value }) => [Key, Value]))).toMatchObject({
      'deletion_protection.enabled': 'true',
      'idle_timeout.timeout_seconds': '300',
      'routing.http.drop_invalid_header_fields.enabled': 'true',
      'routing.http.desync_mitigation_mode': 'defensive',
      'access_logs.s3.enabled': 'true',
      'connection_logs.s3.enabled': 'true',
    });
  });

  test('tells the topic of every alarm but those of a rollout (CT.CLOUDWATCH.PR.1)', () => {
    const silent = made.all('AWS::CloudWatch::Alarm').filter((alarm) => alarm['AlarmActions'] === undefined);
    expect(silent.map((alarm) => alarm['AlarmName'])).toEqual([
      'agent-prod-api-rollout-errors',
      'agent-prod-api-rollout-unhealthy',
    ]);
  });
});

test('the bootstrap stack has a versioned bucket, a rotating key, and a role on request', () => {
  const made = synthesized((stack) => new AgentctlBootstrap(stack, 'Bootstrap'));

  expect(made.findings).toEqual([]);
  expect(made.only('AWS::S3::Bucket')).toMatchObject({
    VersioningConfiguration: { Status: 'Enabled' },
    BucketEncryption: {},
  });
  expect(made.only('AWS::KMS::Key')).toMatchObject({ EnableKeyRotation: true });
  const conditional = Object.values(made.resources)
    .filter((resource) => 'Condition' in resource)
    .map(({ Type }) => Type);
  expect(conditional.toSorted()).toEqual(['AWS::IAM::OIDCProvider', 'AWS::IAM::Policy', 'AWS::IAM::Role']);
});

test.each([
  ['HTTPS needs certificateArn', (stack: Stack) => new PublicLoadBalancer(stack, 'X', { vpc: testVpc(stack) })],
  ['does not run as root', (stack: Stack) => new OneOffTask(stack, 'X', { image: testImage(stack), user: '0:0' })],
  [
    'with 256 CPU units',
    (stack: Stack) => new OneOffTask(stack, 'X', { image: testImage(stack), cpuUnits: 256, memoryMiB: 4096 }),
  ],
  ['a rollback needs at least 2', (stack: Stack) => new ImageRepository(stack, 'X', { keepImages: 1 })],
  ['not an address', (stack: Stack) => new AlertTopic(stack, 'X', { email: 'ops' })],
  ['not AWS/', (stack: Stack) => new MetricNamespace(stack, 'X', { namespace: 'AWS/ECS' })],
])('says "%s", with the path of the construct', (message, build) => {
  expect(() => synthesized((stack) => void build(stack))).toThrow(new RegExp(`^Test/X.*${message}`));
});
