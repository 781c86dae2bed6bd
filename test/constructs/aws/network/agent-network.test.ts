import { Stack } from 'aws-cdk-lib/core';
import { CfnVPC } from 'aws-cdk-lib/aws-ec2';
import { describe, expect, test } from 'vitest';
import { AgentNetwork, EncryptionKey } from '../../../../constructs/aws/index.js';
import { helpers, synthesizedStack } from '../../../support/synthesized-stack.js';

const ofType = (types: readonly string[], type: string): number => types.filter((item) => item === type).length;

describe('a network of its own', () => {
  const network = synthesizedStack((stack) => {
    const { key } = new EncryptionKey(stack, 'Key');
    new AgentNetwork(stack, 'Network', { encryptionKey: key });
  });
  const types = Object.values(network.resources).map(({ Type }) => Type);

  test('has public, app and data subnets in the first three zones of the region', () => {
    const subnets = network.all('AWS::EC2::Subnet');
    expect(subnets).toHaveLength(9);
    const zones = new Set(subnets.map(({ AvailabilityZone }) => JSON.stringify(AvailabilityZone)));
    expect(zones).toEqual(
      new Set([0, 1, 2].map((index) => JSON.stringify({ 'Fn::Select': [index, { 'Fn::GetAZs': '' }] }))),
    );
  });

  test('gives no public address to what starts in a subnet (VPCSubnetAutoAssignPublicIpDisabled, AWS-0164)', () => {
    expect(network.all('AWS::EC2::Subnet').filter(({ MapPublicIpOnLaunch }) => MapPublicIpOnLaunch === true)).toEqual(
      [],
    );
    expect(network.stricter).not.toContain('VPCSubnetAutoAssignPublicIpDisabled');
  });

  test('reaches the internet by one NAT gateway for all zones, and S3 by its gateway', () => {
    expect(ofType(types, 'AWS::EC2::NatGateway')).toBe(1);
    expect(network.only('AWS::EC2::NatGateway')).toMatchObject({ AvailabilityMode: 'regional' });
    expect(network.only('AWS::EC2::VPCEndpoint')).toMatchObject({ VpcEndpointType: 'Gateway' });
  });

  test('has no route to the internet from the data subnets', () => {
    const routes = network.all('AWS::EC2::Route').map((route) => JSON.stringify(route));
    expect(routes.filter((route) => route.includes('dataSubnet'))).toEqual([]);
    expect(routes.filter((route) => route.includes('appSubnet'))).toHaveLength(3);
  });

  test('writes flow logs, encrypted, for a year (AwsSolutions-VPC7, CT.CLOUDWATCH.PR.2, CKV_AWS_158)', () => {
    expect(network.only('AWS::EC2::FlowLog')).toMatchObject({ TrafficType: 'ALL', ResourceType: 'VPC' });
    expect(network.only('AWS::Logs::LogGroup')).toMatchObject({
      RetentionInDays: 365,
      KmsKeyId: { 'Fn::GetAtt': ['Key', 'Arn'] },
    });
  });

  test('has no helper function and nothing that cdk-nag finds', () => {
    expect(helpers(network)).toEqual([]);
    expect(network.findings).toEqual([]);
    expect(network.acknowledged).toEqual([]);
  });
});

describe('choices', () => {
  const natGateways = (nat: 'per-zone' | 'single' | 'none'): number =>
    synthesizedStack((stack) => void new AgentNetwork(stack, 'Network', { nat })).all('AWS::EC2::NatGateway').length;

  test('one NAT gateway, one per zone, or none', () => {
    expect([natGateways('single'), natGateways('per-zone'), natGateways('none')]).toEqual([1, 3, 0]);
  });

  test('without NAT, services of AWS are reached inside of the VPC, by HTTPS from its addresses only', () => {
    const network = synthesizedStack(
      (stack) => void new AgentNetwork(stack, 'Network', { nat: 'none', cidr: '10.7.0.0/16' }),
    );
    const interfaces = network.all('AWS::EC2::VPCEndpoint').filter((item) => item['VpcEndpointType'] === 'Interface');
    expect(interfaces).toHaveLength(7);
    expect(network.only('AWS::EC2::SecurityGroup')).toMatchObject({
      SecurityGroupIngress: [{ CidrIp: '10.7.0.0/16', FromPort: 443, ToPort: 443, IpProtocol: 'tcp' }],
    });
    expect(network.findings).toEqual([]);
  });

  test('a transform changes any resource', () => {
    const network = synthesizedStack((stack) => {
      new AgentNetwork(stack, 'Network', {
        transform: (resource) => {
          if (resource instanceof CfnVPC) resource.instanceTenancy = 'dedicated';
        },
      });
    });
    expect(network.only('AWS::EC2::VPC')).toMatchObject({ InstanceTenancy: 'dedicated' });
  });
});

describe('an existing VPC', () => {
  const existing = {
    vpcId: 'vpc-0a1b2c3d4e5f67890',
    publicSubnetIds: ['subnet-p1', 'subnet-p2'],
    appSubnetIds: ['subnet-a1', 'subnet-a2'],
    dataSubnetIds: ['subnet-d1', 'subnet-d2'],
  };

  test('adds nothing, looks nothing up and warns of nothing', () => {
    const network = synthesizedStack((stack) => {
      new EncryptionKey(stack, 'Key');
      const { appSubnetIds, vpc } = new AgentNetwork(stack, 'Network', { existing });
      expect(appSubnetIds).toEqual(['subnet-a1', 'subnet-a2']);
      expect(vpc.vpcId).toBe('vpc-0a1b2c3d4e5f67890');
      expect(
        stack.node.findAll().flatMap(({ node }) => node.metadata.filter(({ type }) => type.includes('warning'))),
      ).toEqual([]);
    });
    expect(Object.keys(network.resources)).toEqual(['Key']);
  });

  test('with one subnet is refused, by the path of the construct', () => {
    const one = { ...existing, dataSubnetIds: ['subnet-d1'] };
    expect(() => new AgentNetwork(new Stack(undefined, 'Test'), 'Network', { existing: one })).toThrow(
      'Test/Network: existing.dataSubnetIds has fewer than 2 subnets',
    );
  });
});

test.each([
  [{ availabilityZones: 1 }, 'availabilityZones is 1, not a whole number from 2 to 6'],
  [{ cidr: '10.0.0.0/24' }, 'cidr "10.0.0.0/24" is not an IPv4 range from /16 to /20, such as 10.0.0.0/16'],
])('%j is refused', (props, message) => {
  expect(() => new AgentNetwork(new Stack(undefined, 'Test'), 'Network', props)).toThrow(`Test/Network: ${message}`);
});
