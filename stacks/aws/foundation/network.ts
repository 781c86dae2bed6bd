import * as ec2 from 'aws-cdk-lib/aws-ec2';
import type * as kms from 'aws-cdk-lib/aws-kms';
import type { Stack } from 'aws-cdk-lib/core';
import { AgentNetwork } from '../../../constructs/aws/index.js';
import type { StageContext } from '../stage-context.js';

/** The VPC: one of its own, or the one the spec names. */
export function foundationNetwork(stack: Stack, { aws }: StageContext, encryptionKey: kms.IKey): AgentNetwork {
  const { vpcId, subnets, network } = aws;
  if (vpcId !== undefined && subnets !== undefined) {
    const { public: publicSubnetIds, app: appSubnetIds, data: dataSubnetIds } = subnets;
    return new AgentNetwork(stack, 'Network', { existing: { vpcId, publicSubnetIds, appSubnetIds, dataSubnetIds } });
  }
  const { cidr, zones, nat, endpoints } = network;
  return new AgentNetwork(stack, 'Network', {
    cidr,
    availabilityZones: zones,
    nat,
    ...(endpoints === undefined ? {} : { endpoints }),
    encryptionKey,
  });
}

/** What every task of the agent is in: it may reach everything, and services may reach each other. */
export function taskSecurityGroup(stack: Stack, { spec }: StageContext, { vpc }: AgentNetwork): ec2.SecurityGroup {
  const group = new ec2.SecurityGroup(stack, 'TaskSecurityGroup', {
    vpc,
    description: `Tasks of ${spec.name}`,
    allowAllOutbound: true,
  });
  const ports = new Set(Object.values(spec.services).flatMap(({ port }) => port ?? []));
  for (const port of ports) group.addIngressRule(group, ec2.Port.tcp(port), 'Between services');
  return group;
}
