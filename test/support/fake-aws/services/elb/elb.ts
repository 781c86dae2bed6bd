import * as client from '@aws-sdk/client-elastic-load-balancing-v2';
import type { FakeService } from '../../fake-service.js';
import type { FakeWorld } from '../../fake-world.js';
import { ServiceError } from '../../service-error.js';
import { type Action, type Listener, type LoadBalancer, loadBalancing, type Rule } from './load-balancing.js';
import type { Target, TargetGroup } from './target-group.js';

/** Elastic Load Balancing: what is looked at, and the attributes that are changed by hand. Things are made by CloudFormation. */
export const elb: FakeService = { name: 'elasticloadbalancing', protocol: 'query', client, operations };

function operations(world: FakeWorld) {
  const state = world.state(loadBalancing);
  const balancer = (arn = ''): LoadBalancer => {
    const found = state.loadBalancers.get(arn);
    if (found === undefined) throw new ServiceError('LoadBalancerNotFound', `Load balancer '${arn}' not found`);
    return found;
  };
  return {
    DescribeLoadBalancers: ({ LoadBalancerArns, Names }: client.DescribeLoadBalancersCommandInput) => {
      const found = [...state.loadBalancers.values()].filter(
        ({ arn, name }) => (LoadBalancerArns?.includes(arn) ?? true) && (Names?.includes(name) ?? true),
      );
      const wanted = LoadBalancerArns ?? Names ?? [];
      if (found.length < wanted.length) {
        throw new ServiceError('LoadBalancerNotFound', `Load balancers '[${wanted.join(', ')}]' not found`);
      }
      return { LoadBalancers: found.map((each) => balancerView(world, each)) };
    },
    DescribeLoadBalancerAttributes: ({ LoadBalancerArn }: client.DescribeLoadBalancerAttributesCommandInput) => ({
      Attributes: attributeList(balancer(LoadBalancerArn).attributes),
    }),
    ModifyLoadBalancerAttributes: (input: client.ModifyLoadBalancerAttributesCommandInput) => {
      const found = balancer(input.LoadBalancerArn);
      found.attributes = {
        ...found.attributes,
        ...Object.fromEntries((input.Attributes ?? []).map(({ Key = '', Value = '' }) => [Key, Value])),
      };
      return { Attributes: attributeList(found.attributes) };
    },
    DescribeListeners: ({ LoadBalancerArn, ListenerArns }: client.DescribeListenersCommandInput) => ({
      Listeners: (LoadBalancerArn === undefined
        ? (ListenerArns ?? []).map((arn) => state.listener(arn))
        : [...balancer(LoadBalancerArn).listeners.values()]
      ).map(listenerView),
    }),
    DescribeRules: ({ ListenerArn, RuleArns }: client.DescribeRulesCommandInput) => {
      if (ListenerArn !== undefined) return { Rules: rulesOf(state.listener(ListenerArn)) };
      const all = [...state.loadBalancers.values()].flatMap(({ listeners }) =>
        [...listeners.values()].flatMap(rulesOf),
      );
      return { Rules: all.filter(({ RuleArn = '' }) => RuleArns?.includes(RuleArn)) };
    },
    DescribeTargetGroups: (input: client.DescribeTargetGroupsCommandInput) => {
      const found = (input.TargetGroupArns?.map((arn) => state.targetGroup(arn)) ?? [...state.targetGroups.values()])
        .filter(({ name }) => input.Names?.includes(name) ?? true)
        .filter(
          (group) =>
            input.LoadBalancerArn === undefined || state.usersOf(group).includes(balancer(input.LoadBalancerArn)),
        );
      return { TargetGroups: found.map((group) => targetGroupView(group, state.usersOf(group))) };
    },
    DescribeTargetGroupAttributes: ({ TargetGroupArn = '' }: client.DescribeTargetGroupAttributesCommandInput) => ({
      Attributes: attributeList(state.targetGroup(TargetGroupArn).attributes),
    }),
    DescribeTargetHealth: ({ TargetGroupArn = '', Targets }: client.DescribeTargetHealthCommandInput) => {
      const group = state.targetGroup(TargetGroupArn);
      const isUsed = state.usersOf(group).length > 0;
      return {
        TargetHealthDescriptions: [...group.targets.values()]
          .filter(({ id, port }) => Targets?.some((each) => each.Id === id && (each.Port ?? port) === port) ?? true)
          .map((target) => healthView(target, isUsed)),
      };
    },
    RegisterTargets: ({ TargetGroupArn = '', Targets = [] }: client.RegisterTargetsCommandInput) => {
      const group = state.targetGroup(TargetGroupArn);
      for (const { Id = '', Port = group.port } of Targets) group.register(Id, Port);
      return {};
    },
    DeregisterTargets: ({ TargetGroupArn = '', Targets = [] }: client.DeregisterTargetsCommandInput) => {
      const group = state.targetGroup(TargetGroupArn);
      for (const { Id, Port = group.port } of Targets) {
        const target = [...group.targets.values()].find(({ id, port }) => id === Id && port === Port);
        if (target !== undefined) world.background(target.leave());
      }
      return {};
    },
    DescribeTags: ({ ResourceArns = [] }: client.DescribeTagsCommandInput) => ({
      TagDescriptions: ResourceArns.map((ResourceArn) => ({ ResourceArn, Tags: [] })),
    }),
  };
}

function balancerView(world: FakeWorld, balancer: LoadBalancer): client.LoadBalancer {
  return {
    LoadBalancerArn: balancer.arn,
    LoadBalancerName: balancer.name,
    DNSName: balancer.dnsName,
    CanonicalHostedZoneId: 'Z215JYRZR1TBD5',
    CreatedTime: balancer.createdAt,
    Scheme: balancer.scheme === 'internal' ? 'internal' : 'internet-facing',
    State: { Code: 'active' },
    Type: 'application',
    IpAddressType: 'ipv4',
    AvailabilityZones: ['a', 'b', 'c'].map((zone) => ({ ZoneName: `${world.region}${zone}` })),
  };
}

function listenerView(listener: Listener): client.Listener {
  return {
    ListenerArn: listener.arn,
    LoadBalancerArn: listener.loadBalancer.arn,
    Port: listener.port,
    Protocol: listener.protocol === 'HTTPS' ? 'HTTPS' : 'HTTP',
    DefaultActions: actionViews(listener.defaultActions),
    Certificates: [...listener.certificates],
    ...(listener.sslPolicy === undefined ? {} : { SslPolicy: listener.sslPolicy }),
  };
}

function rulesOf(listener: Listener): client.Rule[] {
  const view = ({ arn, priority, conditions, actions }: Rule): client.Rule => ({
    RuleArn: arn,
    Priority: String(priority),
    Conditions: [...conditions],
    Actions: actionViews(actions),
    IsDefault: false,
  });
  const last: client.Rule = {
    RuleArn: `${listener.arn.replace(':listener/', ':listener-rule/')}/default`,
    Priority: 'default',
    Conditions: [],
    Actions: actionViews(listener.defaultActions),
    IsDefault: true,
  };
  return [...[...listener.rules.values()].sort((a, b) => a.priority - b.priority).map(view), last];
}

function actionViews(actions: readonly Action[]): client.Action[] {
  return actions.map((action) => ({ ...action, Type: action.Type ?? 'forward' }) as client.Action);
}

function targetGroupView(group: TargetGroup, users: readonly LoadBalancer[]): client.TargetGroup {
  const { healthCheck } = group;
  return {
    TargetGroupArn: group.arn,
    TargetGroupName: group.name,
    Protocol: group.protocol === 'HTTPS' ? 'HTTPS' : 'HTTP',
    Port: group.port,
    ...(group.vpcId === undefined ? {} : { VpcId: group.vpcId }),
    TargetType: group.targetType === 'ip' ? 'ip' : 'instance',
    HealthCheckEnabled: true,
    HealthCheckPath: healthCheck.path,
    HealthCheckIntervalSeconds: healthCheck.intervalSeconds,
    HealthCheckTimeoutSeconds: healthCheck.timeoutSeconds,
    HealthyThresholdCount: healthCheck.healthyThreshold,
    UnhealthyThresholdCount: healthCheck.unhealthyThreshold,
    Matcher: { HttpCode: healthCheck.matcher },
    LoadBalancerArns: users.map(({ arn }) => arn),
  };
}

function healthView(target: Target, isUsed: boolean): client.TargetHealthDescription {
  const notUsed: client.TargetHealth = {
    State: 'unused',
    Reason: 'Target.NotInUse',
    Description: 'Target group is not configured to receive traffic from the load balancer',
  };
  const health: client.TargetHealth = {
    State: target.state,
    ...(target.reason === undefined ? {} : { Reason: target.reason as client.TargetHealthReasonEnum }),
    ...(target.description === undefined ? {} : { Description: target.description }),
  };
  return {
    Target: { Id: target.id, Port: target.port },
    HealthCheckPort: String(target.port),
    TargetHealth: isUsed ? health : notUsed,
  };
}

function attributeList(attributes: Readonly<Record<string, string>>): { Key: string; Value: string }[] {
  return Object.entries(attributes).map(([Key, Value]) => ({ Key, Value }));
}
