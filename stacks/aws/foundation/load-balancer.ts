import * as route53 from 'aws-cdk-lib/aws-route53';
import type * as kms from 'aws-cdk-lib/aws-kms';
import type { Stack } from 'aws-cdk-lib/core';
import { type AgentNetwork, PublicLoadBalancer } from '../../../constructs/aws/index.js';
import { hasTls, isPublic, type StageContext } from '../stage-context.js';

/** The public address; undefined when nothing answers from outside. */
export function foundationLoadBalancer(
  stack: Stack,
  context: StageContext,
  { vpc, publicSubnets }: AgentNetwork,
  encryptionKey: kms.IKey,
): PublicLoadBalancer | undefined {
  const { spec, aws } = context;
  if (!isPublic(spec)) return undefined;
  const hostName = spec.domain?.name;
  const tls = hasTls(context);
  return new PublicLoadBalancer(stack, 'LoadBalancer', {
    vpc,
    vpcSubnets: publicSubnets,
    encryptionKey,
    deletionProtection: aws.deletionProtection,
    allowPlainHttp: !tls,
    ...(hostName === undefined ? {} : { hostName }),
    ...(tls && aws.certificateArn !== undefined ? { certificateArn: aws.certificateArn } : {}),
    ...(hostName === undefined || aws.hostedZoneId === undefined
      ? {}
      : { hostedZone: hostedZone(stack, aws.hostedZoneId, hostName) }),
  });
}

/** The name of the zone is not known, and not needed: a record with the name of its zone keeps that name. */
function hostedZone(stack: Stack, hostedZoneId: string, zoneName: string): route53.IHostedZone {
  return route53.HostedZone.fromHostedZoneAttributes(stack, 'HostedZone', { hostedZoneId, zoneName });
}
