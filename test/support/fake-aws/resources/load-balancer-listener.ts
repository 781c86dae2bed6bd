import type { ResourceType } from '../resource-type.js';
import { ServiceError } from '../service-error.js';
import {
  type Action,
  type Condition,
  type Listener,
  loadBalancing,
  targetsOf,
} from '../services/elb/load-balancing.js';

/** A listener: what its rules say is done by the proxy of its load balancer. */
export const listenerType: ResourceType = {
  type: 'AWS::ElasticLoadBalancingV2::Listener',
  create: async (properties, { world }) => {
    const state = world.state(loadBalancing);
    const loadBalancer = state.loadBalancers.get(String(properties['LoadBalancerArn']));
    if (loadBalancer === undefined) {
      throw new ServiceError(
        'LoadBalancerNotFound',
        `Load balancer '${String(properties['LoadBalancerArn'])}' not found`,
      );
    }
    const port = Number(properties['Port']);
    if ([...loadBalancer.listeners.values()].some((each) => each.port === port)) {
      throw new ServiceError('DuplicateListener', 'A listener already exists on this port for this load balancer');
    }
    const arn = `${loadBalancer.arn.replace(':loadbalancer/', ':listener/')}/${world.newId(16)}`;
    const listener: Listener = { arn, loadBalancer, rules: new Map(), ...settings(properties) };
    checkTargets(listener.defaultActions, state.targetGroups);
    loadBalancer.listeners.set(arn, listener);
    return { physicalId: arn, attributes: { ListenerArn: arn } };
  },
  update: async (resource, properties, _previous, { world }) => {
    Object.assign(world.state(loadBalancing).listener(resource.physicalId), settings(properties));
    return resource;
  },
  delete: async (resource, _properties, { world }) => {
    for (const { listeners } of world.state(loadBalancing).loadBalancers.values())
      listeners.delete(resource.physicalId);
  },
};

/** A rule of a listener. */
export const listenerRuleType: ResourceType = {
  type: 'AWS::ElasticLoadBalancingV2::ListenerRule',
  create: async (properties, { world }) => {
    const state = world.state(loadBalancing);
    const listener = state.listener(String(properties['ListenerArn']));
    const arn = `${listener.arn.replace(':listener/', ':listener-rule/')}/${world.newId(16)}`;
    const rule = { arn, ...ruleSettings(properties) };
    if ([...listener.rules.values()].some(({ priority }) => priority === rule.priority)) {
      throw new ServiceError('PriorityInUse', `Priority '${rule.priority}' is currently in use`);
    }
    checkTargets(rule.actions, state.targetGroups);
    listener.rules.set(arn, rule);
    return { physicalId: arn, attributes: { RuleArn: arn, IsDefault: false } };
  },
  update: async (resource, properties, _previous, { world }) => {
    const rule = world.state(loadBalancing).listener(String(properties['ListenerArn'])).rules.get(resource.physicalId);
    if (rule === undefined) throw new ServiceError('RuleNotFound', 'One or more rules not found');
    Object.assign(rule, ruleSettings(properties));
    return resource;
  },
  delete: async (resource, _properties, { world }) => {
    for (const { listeners } of world.state(loadBalancing).loadBalancers.values()) {
      for (const { rules } of listeners.values()) rules.delete(resource.physicalId);
    }
  },
};

function settings(
  properties: Readonly<Record<string, unknown>>,
): Pick<Listener, 'port' | 'protocol' | 'defaultActions' | 'certificates' | 'sslPolicy'> {
  return {
    port: Number(properties['Port']),
    protocol: String(properties['Protocol'] ?? 'HTTP'),
    defaultActions: (properties['DefaultActions'] ?? []) as readonly Action[],
    certificates: (properties['Certificates'] ?? []) as Listener['certificates'],
    sslPolicy: properties['SslPolicy'] as string | undefined,
  };
}

function ruleSettings(properties: Readonly<Record<string, unknown>>): {
  priority: number;
  conditions: readonly Condition[];
  actions: readonly Action[];
} {
  return {
    priority: Number(properties['Priority']),
    conditions: (properties['Conditions'] ?? []) as readonly Condition[],
    actions: (properties['Actions'] ?? []) as readonly Action[],
  };
}

function checkTargets(actions: readonly Action[], groups: ReadonlyMap<string, unknown>): void {
  for (const { arn } of actions.flatMap(targetsOf)) {
    if (!groups.has(arn)) throw new ServiceError('TargetGroupNotFound', `Target groups '${arn}' not found`);
  }
}
