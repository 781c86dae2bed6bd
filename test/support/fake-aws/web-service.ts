import type { FakeWorld } from './fake-world.js';
import type { CreatedResource, Properties, ResourceContext } from './resource-type.js';
import { resourceTypes } from './resources/index.js';

/** A resource that can be changed and deleted, as a stack does it but without one. */
export interface HandledResource extends CreatedResource {
  readonly update: (properties: Properties) => Promise<CreatedResource>;
  readonly delete: () => Promise<void>;
}

/** Makes a resource without a stack. */
export async function makeResource(
  world: FakeWorld,
  type: string,
  logicalId: string,
  properties: Properties,
): Promise<HandledResource> {
  const found = resourceTypes.find((each) => each.type === type);
  if (found === undefined) throw new Error(`no type ${type}`);
  const context: ResourceContext = {
    world,
    stackName: 'stack',
    stackId: world.arn('cloudformation', 'stack/stack/1'),
    logicalId,
    tags: [],
    signal: new AbortController().signal,
    newName: (maxLength = 255) => `stack-${logicalId}-${world.newId(12)}`.slice(0, maxLength),
  };
  const created = await found.create(properties, context);
  let current = properties;
  return {
    ...created,
    async update(next) {
      const updated = await found.update(created, next, current, context);
      current = next;
      return updated;
    },
    delete: async () => await found.delete(created, current, context),
  };
}

/** A cluster, a load balancer and a service behind it. */
export interface WebService {
  /** `http://127.0.0.1:port`, of the load balancer. */
  readonly url: string;
  readonly targetGroupArn: string;
  readonly service: HandledResource;
  /** Rolls an image out; rejects as CloudFormation's resource fails. */
  readonly roll: (image: string, changes?: Properties) => Promise<void>;
}

export async function makeWebService(world: FakeWorld, image: string, changes: Properties = {}): Promise<WebService> {
  const make = async (type: string, id: string, properties: Properties): Promise<HandledResource> =>
    await makeResource(world, type, id, properties);
  await make('AWS::ECS::Cluster', 'Cluster', { ClusterName: 'stage' });
  const balancer = await make('AWS::ElasticLoadBalancingV2::LoadBalancer', 'Balancer', {});
  const group = await make('AWS::ElasticLoadBalancingV2::TargetGroup', 'Targets', {
    Port: 8000,
    Protocol: 'HTTP',
    TargetType: 'ip',
    HealthCheckPath: '/health',
    HealthyThresholdCount: 2,
    UnhealthyThresholdCount: 2,
  });
  await make('AWS::ElasticLoadBalancingV2::Listener', 'Listener', {
    LoadBalancerArn: balancer.physicalId,
    Port: 80,
    Protocol: 'HTTP',
    DefaultActions: [{ Type: 'forward', TargetGroupArn: group.physicalId }],
  });
  await make('AWS::Logs::LogGroup', 'Log', { LogGroupName: '/web' });
  const LogConfiguration = {
    LogDriver: 'awslogs',
    Options: { 'awslogs-group': '/web', 'awslogs-stream-prefix': 'web', 'awslogs-region': world.region },
  };
  const taskDefinition = async (of: string): Promise<string> => {
    const made = await make('AWS::ECS::TaskDefinition', 'Task', {
      Family: 'web',
      NetworkMode: 'awsvpc',
      RequiresCompatibilities: ['FARGATE'],
      Cpu: '256',
      Memory: '512',
      ExecutionRoleArn: world.arn('iam', 'role/execution'),
      ContainerDefinitions: [
        { Name: 'web', Image: of, PortMappings: [{ ContainerPort: 8000 }], StopTimeout: 10, LogConfiguration },
      ],
    });
    return made.physicalId;
  };
  const base: Properties = {
    Cluster: 'stage',
    ServiceName: 'web',
    DesiredCount: 2,
    NetworkConfiguration: { AwsvpcConfiguration: { Subnets: ['subnet-1'] } },
    LoadBalancers: [{ TargetGroupArn: group.physicalId, ContainerName: 'web', ContainerPort: 8000 }],
    DeploymentConfiguration: {
      MinimumHealthyPercent: 100,
      MaximumPercent: 200,
      DeploymentCircuitBreaker: {
        Enable: true,
        Rollback: true,
        ResetOnHealthyTask: false,
        ThresholdConfiguration: { Type: 'COUNT', Value: 3 },
      },
    },
    ...changes,
  };
  const service = await make('AWS::ECS::Service', 'Service', { ...base, TaskDefinition: await taskDefinition(image) });
  return {
    url: `http://${String(balancer.attributes['DNSName'])}`,
    targetGroupArn: group.physicalId,
    service,
    roll: async (next, more = {}) => {
      await service.update({ ...base, ...more, TaskDefinition: await taskDefinition(next) });
    },
  };
}

/** A service whose rollouts move the traffic of one rule between two target groups. */
export interface ShiftingService extends WebService {
  readonly ruleArn: string;
}

/** As {@link makeWebService}, with a rule of its own; all at once unless the configuration says more. */
export async function makeShiftingService(
  world: FakeWorld,
  image: string,
  configuration: Properties = {},
): Promise<ShiftingService> {
  const make = async (type: string, id: string, properties: Properties): Promise<HandledResource> =>
    await makeResource(world, `AWS::ElasticLoadBalancingV2::${type}`, id, properties);
  const group = { Port: 8000, Protocol: 'HTTP', TargetType: 'ip', HealthCheckPath: '/health' };
  const [blue, green] = [await make('TargetGroup', 'Blue', group), await make('TargetGroup', 'Green', group)];
  const balancer = await make('LoadBalancer', 'Front', {});
  const listener = await make('Listener', 'FrontListener', {
    LoadBalancerArn: balancer.physicalId,
    Port: 80,
    Protocol: 'HTTP',
    DefaultActions: [{ Type: 'fixed-response', FixedResponseConfig: { StatusCode: '404' } }],
  });
  const rule = await make('ListenerRule', 'Rule', {
    ListenerArn: listener.physicalId,
    Priority: 1,
    Conditions: [{ Field: 'path-pattern', PathPatternConfig: { Values: ['/*'] } }],
    Actions: [
      {
        Type: 'forward',
        ForwardConfig: {
          TargetGroups: [
            { TargetGroupArn: blue.physicalId, Weight: 100 },
            { TargetGroupArn: green.physicalId, Weight: 0 },
          ],
        },
      },
    ],
  });
  const web = await makeWebService(world, image, {
    DeploymentConfiguration: { Strategy: 'BLUE_GREEN', BakeTimeInMinutes: 5, ...configuration },
    LoadBalancers: [
      {
        TargetGroupArn: blue.physicalId,
        ContainerName: 'web',
        ContainerPort: 8000,
        AdvancedConfiguration: {
          AlternateTargetGroupArn: green.physicalId,
          ProductionListenerRule: rule.physicalId,
          RoleArn: world.arn('iam', 'role/shift'),
        },
      },
    ],
  });
  return { ...web, url: `http://${String(balancer.attributes['DNSName'])}`, ruleArn: rule.physicalId };
}
