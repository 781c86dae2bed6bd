import * as ecs from 'aws-cdk-lib/aws-ecs';
import * as secretsmanager from 'aws-cdk-lib/aws-secretsmanager';
import * as cloudmap from 'aws-cdk-lib/aws-servicediscovery';
import { CfnResource, Duration } from 'aws-cdk-lib/core';
import { describe, expect, test } from 'vitest';
import {
  FargateWebService,
  type FargateWebServiceProps,
  FargateWorker,
  type FargateWorkerProps,
} from '../../../../constructs/aws/index.js';
import { helpers, type SynthesizedStack, synthesizedStack } from '../../../support/synthesized-stack.js';
import { taskSurroundings } from '../../../support/task-surroundings.js';

const worker = (props: Partial<FargateWorkerProps> = {}) =>
  synthesizedStack((stack) => {
    const { cluster, image } = taskSurroundings(stack);
    new FargateWorker(stack, 'Worker', { cluster, image, serviceName: 'agent-prod-worker', ...props });
  });

const web = (props: Partial<FargateWebServiceProps> = {}, reached: 'public' | 'not at all' = 'public') =>
  synthesizedStack((stack) => {
    const { cluster, image, newLoadBalancer } = taskSurroundings(stack);
    const secret = secretsmanager.Secret.fromSecretNameV2(stack, 'Secret', 'agentctl/agent/prod/secrets/KEY');
    new FargateWebService(stack, 'Api', {
      cluster,
      image,
      serviceName: 'agent-prod-api',
      environment: { KEY: ecs.Secret.fromSecretsManager(secret) },
      port: 8000,
      readiness: { path: '/health' },
      ...(reached === 'public'
        ? {
            ingress: {
              loadBalancer: newLoadBalancer(),
              routes: [
                { path: '/', priority: 200 },
                { path: '/api/', priority: 100 },
              ],
            },
          }
        : {}),
      ...props,
    });
  });

function container(made: SynthesizedStack, name = 'app'): Record<string, unknown> {
  const all = made.only('AWS::ECS::TaskDefinition')['ContainerDefinitions'] as Record<string, unknown>[];
  return all.find((item) => item['Name'] === name) ?? {};
}

describe('a public service', () => {
  const made = web();

  test('has no literal environment, no root, nothing writable but /tmp (ECS2, CT.ECS.PR.3, CT.ECS.PR.6)', () => {
    expect(container(made)).toMatchObject({
      User: '10001:10001',
      ReadonlyRootFilesystem: true,
      StopTimeout: 30,
      LogConfiguration: { LogDriver: 'awslogs', Options: { mode: 'non-blocking', 'max-buffer-size': '26214400b' } },
      LinuxParameters: {
        InitProcessEnabled: true,
        Tmpfs: [{ ContainerPath: '/tmp', Size: 512, MountOptions: ['nosuid', 'nodev'] }],
      },
      Secrets: [{ Name: 'KEY' }],
    });
    expect(container(made)).not.toHaveProperty('Environment');
    expect(container(made)).not.toHaveProperty('Privileged');
  });

  test('runs two tasks on arm64 in private subnets, spread over zones', () => {
    expect(made.only('AWS::ECS::Service')).toMatchObject({
      DesiredCount: 2,
      LaunchType: 'FARGATE',
      AvailabilityZoneRebalancing: 'ENABLED',
      HealthCheckGracePeriodSeconds: 120,
      NetworkConfiguration: {
        AwsvpcConfiguration: {
          AssignPublicIp: 'DISABLED',
          Subnets: ['subnet-0a1b2c3d4e5f60003', 'subnet-0a1b2c3d4e5f60004'],
        },
      },
    });
    expect(made.only('AWS::ECS::TaskDefinition')).toMatchObject({
      RuntimePlatform: { CpuArchitecture: 'ARM64', OperatingSystemFamily: 'LINUX' },
    });
  });

  test('gets what each route says, for its host name', () => {
    const rules = made.all('AWS::ElasticLoadBalancingV2::ListenerRule');
    expect(rules.map(({ Priority, Conditions }) => [Priority, Conditions])).toEqual([
      [100, conditions('/api', '/api/*')],
      [200, conditions('/*')],
    ]);
  });

  test('is checked by the load balancer, drains, and gets the next request when it is the least busy', () => {
    const group = made.only('AWS::ElasticLoadBalancingV2::TargetGroup');
    expect(group).toMatchObject({ HealthCheckPath: '/health', HealthyThresholdCount: 2, UnhealthyThresholdCount: 3 });
    const attributes = (group['TargetGroupAttributes'] as { Key: string; Value: string }[]).map((item) => [
      item.Key,
      item.Value,
    ]);
    expect(Object.fromEntries(attributes)).toMatchObject({
      'deregistration_delay.timeout_seconds': '30',
      'load_balancing.algorithm.type': 'least_outstanding_requests',
    });
  });

  test('starts when its roles have their policies', () => {
    const policies = Object.entries(made.resources).filter(([, { Type }]) => Type === 'AWS::IAM::Policy');
    const service = Object.values(made.resources).find(({ Type }) => Type === 'AWS::ECS::Service');
    expect(policies.length).toBeGreaterThan(0);
    expect(service?.DependsOn).toEqual(expect.arrayContaining(policies.map(([id]) => id)));
  });

  test('has two findings of cdk-nag with a reason, no warning, and no helper', () => {
    expect(made.findings).toEqual([]);
    expect(made.warnings).toEqual([]);
    expect(made.acknowledged).toEqual(['AwsSolutions-EC23', 'AwsSolutions-IAM5[Resource::*]']);
    expect(helpers(made)).toEqual([]);
  });
});

function conditions(...paths: string[]) {
  return [
    { Field: 'host-header', HostHeaderConfig: { Values: ['agent.example.com'] } },
    { Field: 'path-pattern', PathPatternConfig: { Values: paths } },
  ];
}

test('a private service has a name in the network and no target group', () => {
  const made = synthesizedStack((stack) => {
    const { cluster, image, vpc } = taskSurroundings(stack);
    const namespace = new cloudmap.PrivateDnsNamespace(stack, 'Zone', { vpc, name: 'agent.internal' });
    const { internalUrl } = new FargateWebService(stack, 'Tools', {
      cluster,
      image,
      serviceName: 'agent-prod-tools',
      port: 9000,
      discovery: { namespace, name: 'tools' },
    });
    expect(internalUrl).toBe('http://tools.agent.internal:9000');
  });
  expect(made.only('AWS::ServiceDiscovery::Service')).toMatchObject({
    Name: 'tools',
    DnsConfig: { DnsRecords: [{ Type: 'A', TTL: 10 }] },
  });
  expect(made.all('AWS::ElasticLoadBalancingV2::TargetGroup')).toEqual([]);
  expect(made.only('AWS::EC2::SecurityGroupIngress')).toMatchObject({ FromPort: 9000, ToPort: 9000 });
});

test('time to drain is time for the load balancer, and for the process as far as Fargate goes', () => {
  const made = web({ drain: Duration.minutes(10) });
  expect(container(made)['StopTimeout']).toBe(120);
  expect(made.text).toContain('{"Key":"deregistration_delay.timeout_seconds","Value":"600"}');
});

test('a worker on Spot keeps its first task on what AWS does not take back', () => {
  const { CapacityProviderStrategy, LaunchType } = worker({ spot: true }).only('AWS::ECS::Service');
  expect(CapacityProviderStrategy).toEqual([
    { CapacityProvider: 'FARGATE', Base: 1, Weight: 0 },
    { CapacityProvider: 'FARGATE_SPOT', Weight: 1 },
  ]);
  expect(LaunchType).toBeUndefined();
  expect(worker().only('AWS::ECS::Service')).toMatchObject({ LaunchType: 'FARGATE' });
});

test('transform reaches every CloudFormation resource of a construct, after all others had their say', () => {
  const types: string[] = [];
  const made = worker({
    transform: (resource) => {
      types.push(resource.cfnResourceType);
      if (resource instanceof ecs.CfnService) resource.enableExecuteCommand = true;
    },
  });
  expect(types).toEqual(
    expect.arrayContaining(['AWS::ECS::Service', 'AWS::ECS::TaskDefinition', 'AWS::Logs::LogGroup']),
  );
  expect(made.only('AWS::ECS::Service')).toMatchObject({ EnableExecuteCommand: true });
  expect(made.only('AWS::ECS::Service')).toHaveProperty(
    'DeploymentConfiguration.DeploymentCircuitBreaker.ThresholdConfiguration',
  );
});

test('transform is for what is below the construct only', () => {
  const seen: CfnResource[] = [];
  synthesizedStack((stack) => {
    const { cluster, image } = taskSurroundings(stack);
    new CfnResource(stack, 'Other', { type: 'AWS::SNS::Topic' });
    new FargateWorker(stack, 'W', { cluster, image, serviceName: 'w', transform: (resource) => seen.push(resource) });
  });
  expect(seen.filter(({ cfnResourceType }) => cfnResourceType === 'AWS::SNS::Topic')).toEqual([]);
});

test.each<[Partial<FargateWorkerProps>, string]>([
  [{ user: '0:0' }, 'user is "0:0"; a container does not run as root'],
  [{ user: 'root' }, 'user is "root"; a container does not run as root'],
  [{ cpuUnits: 256, memoryMiB: 4096 }, 'memoryMiB is 4096; with 256 CPU units it is 512, 1024, 2048'],
  [{ cpuUnits: 1024, memoryMiB: 2500 }, 'memoryMiB is 2500; with 1024 CPU units it is 2048 to 8192 in steps of 1024'],
  [{ cpuUnits: 300 }, 'cpuUnits is 300; Fargate has 256, 512'],
  [{ writablePaths: ['tmp'] }, 'writablePaths has "tmp"'],
  [{ minTasks: -1 }, 'minTasks is -1'],
  [{ minTasks: 3, maxTasks: 2 }, 'maxTasks is 2, less than 3'],
])('a worker with %j is refused, by the path of the construct', (props, message) => {
  expect(() => worker(props)).toThrow(`Test/Worker: ${message}`);
});

test.each<[Partial<FargateWebServiceProps>, string]>([
  [{ port: 0 }, 'port is 0'],
  [{ port: 70_000 }, 'port is 70000'],
  [{ minTasks: 0 }, 'minTasks is 0; a load balancer cannot wake'],
  [{ drain: Duration.hours(2) }, 'drain is 7200 s'],
])('a public service with %j is refused', (props, message) => {
  expect(() => web(props)).toThrow(`Test/Api: ${message}`);
});

test('a service that nobody can reach is refused', () => {
  expect(() => web({}, 'not at all')).toThrow('Test/Api: nobody can reach it');
});

test.each<[NonNullable<FargateWebServiceProps['ingress']>['routes'], string]>([
  [[], 'ingress has no routes'],
  [[{ path: 'api', priority: 1 }], 'the route "api" is not a path prefix'],
  [[{ path: '/a/*', priority: 1 }], 'the route "/a/*" is not a path prefix'],
  [[{ path: '/a', priority: 50_001 }], 'the route /a has priority 50001'],
  [
    [
      { path: '/a', priority: 1 },
      { path: '/b', priority: 1 },
    ],
    'two routes have priority 1',
  ],
])('the routes %j are refused', (routes, message) => {
  expect(() =>
    synthesizedStack((stack) => {
      const { cluster, image, newLoadBalancer } = taskSurroundings(stack);
      const ingress = { loadBalancer: newLoadBalancer(), routes };
      const readiness = { path: '/health' };
      new FargateWebService(stack, 'Api', { cluster, image, serviceName: 'api', port: 80, ingress, readiness });
    }),
  ).toThrow(`Test/Api: ${message}`);
});
