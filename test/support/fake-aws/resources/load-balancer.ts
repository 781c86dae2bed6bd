import type { FakeWorld } from '../fake-world.js';
import type { CreatedResource, Properties, ResourceContext, ResourceType } from '../resource-type.js';
import { ServiceError } from '../service-error.js';
import { startLoadBalancerProxy } from '../services/elb/load-balancer-proxy.js';
import { type LoadBalancer, loadBalancing } from '../services/elb/load-balancing.js';
import { s3State } from '../services/s3/s3-state.js';
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
    writeTestFiles(balancer, world);
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
    writeTestFiles(balancer, world);
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

/** ELB tries whether it may write when it is told to keep logs, so a bucket of logs is never empty (guide, "Enable access logs"). */
function writeTestFiles({ attributes }: LoadBalancer, world: FakeWorld): void {
  const s3 = world.state(s3State);
  const kinds = { access_logs: 'ELBAccessLogTestFile', connection_logs: 'ELBConnectionLogTestFile' };
  for (const [kind, file] of Object.entries(kinds)) {
    if (attributes[`${kind}.s3.enabled`] !== 'true') continue;
    const prefix = attributes[`${kind}.s3.prefix`];
    const key = [...(prefix === undefined ? [] : [prefix]), 'AWSLogs', world.accountId, file].join('/');
    s3.put(s3.bucket(attributes[`${kind}.s3.bucket`] ?? ''), key, { body: Buffer.from('') });
  }
}
