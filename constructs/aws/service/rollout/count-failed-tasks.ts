import type * as ecs from 'aws-cdk-lib/aws-ecs';
import { CfnResource } from 'aws-cdk-lib/core';
import { constructError } from '../../construct-error.js';
import type { RollingRollout } from './rollout.js';

/** Tasks that may fail before a rolling deployment is given up. */
const defaultFailedTasks = 3;

/**
 * Makes the circuit breaker count failed tasks: by default it waits for half of the desired count, at least 3 and at most 200,
 * and starts again when one task was healthy, so that a service which crashes after a minute never trips it. Not in the L2.
 */
export function countFailedTasks(
  service: ecs.FargateService,
  { failedTasks = defaultFailedTasks }: RollingRollout,
): void {
  if (!Number.isInteger(failedTasks) || failedTasks < 1)
    throw constructError(service, `rollout.failedTasks is ${failedTasks}, not a whole number from 1`);
  for (const resource of service.node.findAll()) {
    if (!CfnResource.isCfnResource(resource) || resource.cfnResourceType !== 'AWS::ECS::Service') continue;
    const breaker = 'DeploymentConfiguration.DeploymentCircuitBreaker';
    resource.addPropertyOverride(`${breaker}.ResetOnHealthyTask`, false);
    resource.addPropertyOverride(`${breaker}.ThresholdConfiguration`, { Type: 'COUNT', Value: failedTasks });
  }
}
