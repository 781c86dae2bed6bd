import { CfnOutput, Fn } from 'aws-cdk-lib/core';
import type { FoundationStack } from '../foundation-stack.js';
import { type FoundationOutput, foundationExport } from '../outputs.js';
import type { StageContext } from '../stage-context.js';
import type { FoundationData } from './data.js';

type Outputs = Readonly<Partial<Record<FoundationOutput, string | undefined>>>;

/** The outputs that the CLI reads and the other stacks import; a part that is not there has none. */
export function addFoundationOutputs(stack: FoundationStack, { scope }: StageContext, repositoryUri: string): void {
  const { cluster, taskSecurityGroup, network, logGroup, topic, loadBalancer, data } = stack;
  const outputs: Outputs = {
    ClusterName: cluster.cluster.clusterName,
    TaskSecurityGroupId: taskSecurityGroup.securityGroupId,
    AppSubnetIds: Fn.join(',', [...network.appSubnetIds]),
    LogGroupName: logGroup.logGroupName,
    RepositoryUri: repositoryUri,
    AlertTopicArn: topic.topicArn,
    Url: loadBalancer?.url,
    LoadBalancerDns: loadBalancer?.loadBalancer.loadBalancerDnsName,
    ...dataOutputs(data),
  };
  for (const [name, value] of Object.entries(outputs))
    if (value !== undefined) new CfnOutput(stack, name, { value, exportName: foundationExport(scope, name) });
}

function dataOutputs({
  postgres,
  pooler,
  dumps,
  search,
  cache,
  redisQueue,
  taskQueue,
  broker,
}: FoundationData): Outputs {
  return {
    PostgresHost: postgres?.host,
    PostgresPort: postgres?.port.toString(),
    PostgresInstanceId: postgres?.instanceIdentifier,
    PoolerHost: pooler?.host,
    PoolerServiceName: pooler?.service.serviceName,
    SearchEndpoint: search?.domain.host,
    CacheHost: cache?.host,
    CachePort: cache?.port.toString(),
    QueueHost: redisQueue?.host,
    QueuePort: redisQueue?.port.toString(),
    QueueUrl: taskQueue?.queueUrl,
    BrokerEndpoint: broker === undefined ? undefined : `${broker.host}:${broker.port}`,
    BackupBucket: dumps?.bucket.bucket.bucketName,
    DumpTaskDefinition: dumps?.task.taskDefinition.taskDefinitionArn,
  };
}
