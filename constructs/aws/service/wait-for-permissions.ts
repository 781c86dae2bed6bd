import type * as ecs from 'aws-cdk-lib/aws-ecs';

/**
 * Starts a service only when its roles have their policies. A task that comes first cannot read its secrets or pull its
 * image, and three of those are the end of a deployment.
 */
export function waitForPermissions({ node, taskDefinition }: ecs.FargateService): void {
  node.addDependency(taskDefinition.taskRole);
  if (taskDefinition.executionRole !== undefined) node.addDependency(taskDefinition.executionRole);
}
