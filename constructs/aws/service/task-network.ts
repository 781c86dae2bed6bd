import * as ec2 from 'aws-cdk-lib/aws-ec2';
import type * as ecs from 'aws-cdk-lib/aws-ecs';
import type { Construct } from 'constructs';

/** Where tasks are in the network. */
export interface TaskNetworkProps {
  readonly cluster: ecs.ICluster;
  /** @default - one that may reach everything */
  readonly securityGroup?: ec2.ISecurityGroup;
  /** @default - the private subnets that can reach the internet */
  readonly vpcSubnets?: ec2.SubnetSelection;
}

/** Network of a task, in ECS's words. */
export interface TaskNetwork {
  readonly securityGroups: ec2.ISecurityGroup[];
  readonly vpcSubnets: ec2.SubnetSelection;
  readonly assignPublicIp: false;
}

/** Private subnets and one security group: agents call models and tools, so it may reach everything; nothing may reach it. */
export function taskNetwork(scope: Construct, props: TaskNetworkProps): TaskNetwork {
  const { cluster, vpcSubnets = { subnetType: ec2.SubnetType.PRIVATE_WITH_EGRESS } } = props;
  const securityGroup =
    props.securityGroup ??
    new ec2.SecurityGroup(scope, 'SecurityGroup', {
      vpc: cluster.vpc,
      description: `Tasks of ${scope.node.path}`,
      allowAllOutbound: true,
    });
  return { securityGroups: [securityGroup], vpcSubnets, assignPublicIp: false };
}
