import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as ecr from 'aws-cdk-lib/aws-ecr';
import * as ecs from 'aws-cdk-lib/aws-ecs';
import * as sns from 'aws-cdk-lib/aws-sns';
import type { Stack } from 'aws-cdk-lib/core';
import { PublicLoadBalancer } from '../../constructs/aws/index.js';

/** A VPC with public and private subnets in two zones, given by ids: nothing of it is in the template. */
export function taskVpc(stack: Stack): ec2.IVpc {
  return ec2.Vpc.fromVpcAttributes(stack, 'Vpc', {
    vpcId: 'vpc-1234567890abcdef0',
    availabilityZones: ['us-east-1a', 'us-east-1b'],
    publicSubnetIds: ['subnet-0a1b2c3d4e5f60001', 'subnet-0a1b2c3d4e5f60002'],
    privateSubnetIds: ['subnet-0a1b2c3d4e5f60003', 'subnet-0a1b2c3d4e5f60004'],
    publicSubnetRouteTableIds: ['rtb-public1', 'rtb-public2'],
    privateSubnetRouteTableIds: ['rtb-app1', 'rtb-app2'],
  });
}

/** An image by digest, as the service stack has it; the repository is not in the template. */
export function taskImage(stack: Stack): ecs.ContainerImage {
  const arn = 'arn:aws:ecr:us-east-1:123456789012:repository/agent';
  const repository = ecr.Repository.fromRepositoryAttributes(stack, `Images${stack.node.children.length}`, {
    repositoryArn: arn,
    repositoryName: 'agent',
  });
  return ecs.ContainerImage.fromEcrRepository(repository, `sha256:${'a'.repeat(64)}`);
}

/** What a service is put into: VPC and cluster given by name, an image, and a load balancer when asked for. */
export function taskSurroundings(stack: Stack) {
  const vpc = taskVpc(stack);
  return {
    vpc,
    cluster: ecs.Cluster.fromClusterAttributes(stack, 'Cluster', { clusterName: 'agent-prod', vpc }),
    image: taskImage(stack),
    topic: sns.Topic.fromTopicArn(stack, 'Topic', topicArn),
    newLoadBalancer: () =>
      new PublicLoadBalancer(stack, 'Entry', { vpc, certificateArn, hostName: 'agent.example.com' }),
  } as const;
}

/** The topic that {@link taskSurroundings} gives. */
export const topicArn = 'arn:aws:sns:us-east-1:123456789012:alerts';
const certificateArn = 'arn:aws:acm:us-east-1:123456789012:certificate/00000000-0000-0000-0000-000000000000';
