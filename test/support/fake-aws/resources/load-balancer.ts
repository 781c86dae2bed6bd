import type { CreatedResource, Properties, ResourceContext, ResourceType } from '../resource-type.js';
import { ServiceError } from '../service-error.js';
import { startLoadBalancerProxy } from '../services/elb/load-balancer-proxy.js';
import { type LoadBalancer, loadBalancing } from '../services/elb/load-balancing.js';
import { keyedAttributes } from './keyed-attributes.js';

const defaultIdleSeconds = '60';

/** A proxy on 127.0.0.1; it answers from the moment on that it has a listener. */
export const loadBalancerType: ResourceType = {
  type: 'AWS::ElasticLoadBalancingV2::LoadBalancer',
  create: async (properties, context) => {
    const { world } = context;
    const state = world.state(loadBalancing);
    const name = String(properties['Name'] ?? context.newName(32));
    if ([...state.loadBalancers.values()].some((each) => each.name === name)) {
      throw new ServiceError('AlreadyExists', `A load balancer with the same name '${name}' exists`);
    }
    const arn = world.arn('elasticloadbalancing', `loadbalancer/app/${name}/${world.newId(16)}`);
    const proxy = await startLoadBalancerProxy({
      listeners: () => [...balancer.listeners.values()],
      targetGroup: (group) => state.targetGroup(group),
      idleTimeoutSeconds: () => Number(balancer.attributes['idle_timeout.timeout_seconds'] ?? defaultIdleSeconds),
    });
    const balancer: LoadBalancer = {
      arn,
      name,
      scheme: String(properties['Scheme'] ?? 'internet-facing'),
      dnsName: proxy.host,
      createdAt: new Date(),
      attributes: keyedAttributes(properties['LoadBalancerAttributes']),
      listeners: new Map(),
      close: proxy.close,
    };
    state.loadBalancers.set(arn, balancer);
    return {
      physicalId: arn,
      attributes: {
        LoadBalancerArn: arn,
        DNSName: proxy.host,
        CanonicalHostedZoneID: 'Z215JYRZR1TBD5',
        LoadBalancerFullName: arn.split('loadbalancer/')[1] ?? '',
        LoadBalancerName: name,
        SecurityGroups: properties['SecurityGroups'] ?? [],
      },
    };
  },
  update: async (resource, properties, _previous, { world }) => {
    const balancer = world.state(loadBalancing).loadBalancers.get(resource.physicalId);
    if (balancer === undefined) throw new ServiceError('LoadBalancerNotFound', 'One or more load balancers not found');
    balancer.attributes = keyedAttributes(properties['LoadBalancerAttributes']);
    return resource;
  },
  delete: async (resource: CreatedResource, _properties: Properties, { world }: ResourceContext) => {
    const { loadBalancers } = world.state(loadBalancing);
    const balancer = loadBalancers.get(resource.physicalId);
    if (balancer === undefined) return;
    if (balancer.attributes['deletion_protection.enabled'] === 'true') {
      const text = `Load balancer '${balancer.arn}' cannot be deleted because deletion protection is enabled`;
      throw new ServiceError('OperationNotPermitted', text);
    }
    loadBalancers.delete(balancer.arn);
    await balancer.close();
  },
};
