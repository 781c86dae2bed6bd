import { fakeTiming } from '../fake-timing.js';
import type { Properties, ResourceType } from '../resource-type.js';
import { ServiceError } from '../service-error.js';
import { loadBalancing } from '../services/elb/load-balancing.js';
import { createTargetGroup, type HealthCheck } from '../services/elb/target-group.js';
import { keyedAttributes } from './keyed-attributes.js';

/** Targets with real health checks over HTTP. */
export const targetGroupType: ResourceType = {
  type: 'AWS::ElasticLoadBalancingV2::TargetGroup',
  create: async (properties, context) => {
    const { world } = context;
    const state = world.state(loadBalancing);
    const name = String(properties['Name'] ?? context.newName(32));
    if ([...state.targetGroups.values()].some((each) => each.name === name)) {
      throw new ServiceError('DuplicateTargetGroupName', `A target group with the same name '${name}' exists`);
    }
    const arn = world.arn('elasticloadbalancing', `targetgroup/${name}/${world.newId(16)}`);
    state.targetGroups.set(
      arn,
      createTargetGroup({
        arn,
        name,
        port: Number(properties['Port'] ?? 80),
        protocol: String(properties['Protocol'] ?? 'HTTP'),
        targetType: String(properties['TargetType'] ?? 'instance'),
        vpcId: properties['VpcId'] as string | undefined,
        healthCheck: healthCheckOf(properties),
        attributes: keyedAttributes(properties['TargetGroupAttributes']),
        timing: world.state(fakeTiming),
      }),
    );
    return {
      physicalId: arn,
      attributes: {
        TargetGroupArn: arn,
        TargetGroupName: name,
        TargetGroupFullName: `targetgroup/${arn.split(':targetgroup/')[1] ?? ''}`,
        LoadBalancerArns: [],
      },
    };
  },
  update: async (resource, properties, _previous, { world }) => {
    const group = world.state(loadBalancing).targetGroup(resource.physicalId);
    group.healthCheck = healthCheckOf(properties);
    group.attributes = keyedAttributes(properties['TargetGroupAttributes']);
    return resource;
  },
  delete: async (resource, _properties, { world }) => {
    const state = world.state(loadBalancing);
    const group = state.targetGroups.get(resource.physicalId);
    if (group === undefined) return;
    if (state.usersOf(group).length > 0) {
      const text = `Target group '${group.arn}' is currently in use by a listener or a rule`;
      throw new ServiceError('ResourceInUse', text);
    }
    group.close();
    state.targetGroups.delete(group.arn);
  },
};

/** Defaults of `CreateTargetGroup` for targets by address. */
function healthCheckOf(properties: Properties): HealthCheck {
  const { HttpCode } = (properties['Matcher'] ?? {}) as { HttpCode?: string };
  return {
    path: String(properties['HealthCheckPath'] ?? '/'),
    matcher: HttpCode ?? '200',
    timeoutSeconds: Number(properties['HealthCheckTimeoutSeconds'] ?? 5),
    intervalSeconds: Number(properties['HealthCheckIntervalSeconds'] ?? 30),
    healthyThreshold: Number(properties['HealthyThresholdCount'] ?? 5),
    unhealthyThreshold: Number(properties['UnhealthyThresholdCount'] ?? 2),
  };
}
