import type { FoundationStack } from '../foundation-stack.js';

/**
 * Exports what the other stacks use of the foundation whether they use it now or not. CDK exports what is used; a release
 * that stops using something would take the export away while the service stack of the release before still imports it, and
 * CloudFormation refuses that.
 */
export function pinExports(stack: FoundationStack): void {
  const { network, cluster, taskSecurityGroup, logGroup, topic, key, loadBalancer, data } = stack;
  const values: readonly (string | undefined)[] = [
    ...network.appSubnetIds,
    network.vpc.vpcId,
    cluster.cluster.clusterName,
    cluster.cluster.clusterArn,
    cluster.namespace?.namespaceId,
    taskSecurityGroup.securityGroupId,
    logGroup.logGroupName,
    logGroup.logGroupArn,
    topic.topicArn,
    key.keyArn,
    loadBalancer?.listener.listenerArn,
    loadBalancer?.loadBalancer.loadBalancerFullName,
    data.search?.role?.roleArn,
    data.search?.role === undefined ? undefined : data.search.domain.host,
    data.taskQueue?.queue.queueArn,
    data.taskQueue?.queue.queueName,
    data.taskQueue?.deadLetterQueue.queueName,
    data.cache?.replicationGroup.ref,
  ];
  for (const value of values) if (value !== undefined && isOfStack(stack, value)) stack.exportValue(value);
}

/** What an existing VPC is made of is text that every stack knows. */
function isOfStack(stack: FoundationStack, value: string): boolean {
  return typeof stack.resolve(value) !== 'string';
}
