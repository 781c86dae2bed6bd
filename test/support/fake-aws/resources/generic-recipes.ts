import type { FakeWorld } from '../fake-world.js';
import type { Properties } from '../resource-type.js';

/** What a recipe's attributes are made of. */
export interface Ingredients {
  /** What `Ref` gives. */
  readonly id: string;
  readonly name: string;
  readonly properties: Properties;
  readonly world: FakeWorld;
}

/** How a resource without behaviour is known. */
export interface Recipe {
  /** Property that names it; without, or when it is not given, CloudFormation makes a name up. */
  readonly named?: string;
  /** Longest name that CloudFormation makes up. @default 64 */
  readonly maxLength?: number;
  /** Does `Ref` give an id of the service (`vpc-` and hex), or something made of the name? @default the name */
  readonly ref?: string | ((name: string, world: FakeWorld, properties: Properties) => string);
  readonly attributes?: (ingredients: Ingredients) => Readonly<Record<string, unknown>>;
}

const itself =
  (attribute: string) =>
  ({ id }: Ingredients) => ({ [attribute]: id });
const arn = (service: string, resource: string) => (name: string, world: FakeWorld) =>
  world.arn(service, `${resource}${name}`);
const withArn =
  (service: string, resource: string, attribute = 'Arn') =>
  ({ id, world }: Ingredients) => ({
    [attribute]: world.arn(service, `${resource}${id}`),
  });
const hostOf = (name: string, world: FakeWorld, service: string): string =>
  `${name}.${world.region}.${service}.amazonaws.com`;

/** Resource types that are an id with attributes: nothing answers at what they promise. */
export const recipes: Readonly<Record<string, Recipe>> = {
  'AWS::AmazonMQ::Broker': {
    ref: 'b-',
    attributes: ({ id, world }) => ({
      Id: id,
      Arn: world.arn('mq', `broker:${id}`),
      AmqpEndpoints: [`amqps://${id}.mq.${world.region}.on.aws:5671`],
      ConsoleURLs: [`https://${id}.mq.${world.region}.on.aws`],
    }),
  },
  'AWS::AmazonMQ::Configuration': {
    ref: 'c-',
    attributes: ({ id, world }) => ({ Id: id, Arn: world.arn('mq', `configuration:${id}`), Revision: '1' }),
  },
  'AWS::AmazonMQ::ConfigurationAssociation': { ref: 'a-' },
  'AWS::ApplicationAutoScaling::ScalingPolicy': {
    named: 'PolicyName',
    ref: arn('autoscaling', 'scalingPolicy:'),
    attributes: itself('Arn'),
  },
  'AWS::Backup::BackupPlan': {
    ref: 'plan-',
    attributes: ({ id, world }) => ({
      BackupPlanId: id,
      BackupPlanArn: world.arn('backup', `backup-plan:${id}`),
      VersionId: '1',
    }),
  },
  'AWS::Backup::BackupSelection': { ref: 'selection-', attributes: itself('Id') },
  'AWS::Backup::BackupVault': {
    named: 'BackupVaultName',
    maxLength: 50,
    attributes: ({ id, world }) => ({ BackupVaultName: id, BackupVaultArn: world.arn('backup', `backup-vault:${id}`) }),
  },
  'AWS::CDK::Metadata': {},
  'AWS::CertificateManager::Certificate': { ref: arn('acm', 'certificate/'), attributes: itself('CertificateArn') },
  'AWS::CloudWatch::Dashboard': { named: 'DashboardName' },
  'AWS::EC2::EIP': {
    ref: (_name, world) => `203.0.113.${parseInt(world.newId(2), 16)}`,
    attributes: ({ id, world }) => ({ PublicIp: id, AllocationId: `eipalloc-${world.newId(17)}` }),
  },
  'AWS::EC2::FlowLog': { ref: 'fl-', attributes: itself('Id') },
  'AWS::EC2::InternetGateway': { ref: 'igw-', attributes: itself('InternetGatewayId') },
  'AWS::EC2::NatGateway': { ref: 'nat-', attributes: itself('NatGatewayId') },
  'AWS::EC2::NetworkAcl': { ref: 'acl-', attributes: itself('Id') },
  'AWS::EC2::NetworkAclEntry': { ref: 'acle-' },
  'AWS::EC2::Route': { ref: 'rt-' },
  'AWS::EC2::RouteTable': { ref: 'rtb-', attributes: itself('RouteTableId') },
  'AWS::EC2::SecurityGroup': {
    ref: 'sg-',
    attributes: ({ id, properties }) => ({ GroupId: id, Id: id, VpcId: properties['VpcId'] }),
  },
  'AWS::EC2::SecurityGroupEgress': { ref: 'sgr-', attributes: itself('Id') },
  'AWS::EC2::SecurityGroupIngress': { ref: 'sgr-', attributes: itself('Id') },
  'AWS::EC2::Subnet': {
    ref: 'subnet-',
    attributes: ({ id, properties }) => ({
      SubnetId: id,
      AvailabilityZone: properties['AvailabilityZone'],
      CidrBlock: properties['CidrBlock'],
      VpcId: properties['VpcId'],
      Ipv6CidrBlocks: [],
    }),
  },
  'AWS::EC2::SubnetNetworkAclAssociation': { ref: 'aclassoc-' },
  'AWS::EC2::SubnetRouteTableAssociation': { ref: 'rtbassoc-' },
  'AWS::EC2::VPC': {
    ref: 'vpc-',
    attributes: ({ id, properties, world }) => ({
      VpcId: id,
      CidrBlock: properties['CidrBlock'],
      DefaultSecurityGroup: `sg-${world.newId(17)}`,
      DefaultNetworkAcl: `acl-${world.newId(17)}`,
      CidrBlockAssociations: [],
      Ipv6CidrBlocks: [],
    }),
  },
  'AWS::EC2::VPCEndpoint': { ref: 'vpce-', attributes: itself('Id') },
  'AWS::EC2::VPCGatewayAttachment': { ref: 'IGW|' },
  'AWS::ECS::ClusterCapacityProviderAssociations': { ref: (_name, _world, { Cluster }) => String(Cluster) },
  'AWS::ElastiCache::ParameterGroup': {
    named: 'CacheParameterGroupName',
    attributes: itself('CacheParameterGroupName'),
  },
  'AWS::ElastiCache::ReplicationGroup': {
    named: 'ReplicationGroupId',
    maxLength: 40,
    attributes: ({ id, properties, world }) => ({
      'PrimaryEndPoint.Address': `master.${hostOf(id, world, 'cache')}`,
      'PrimaryEndPoint.Port': String(properties['Port'] ?? 6379),
      'ReaderEndPoint.Address': `replica.${hostOf(id, world, 'cache')}`,
      'ReaderEndPoint.Port': String(properties['Port'] ?? 6379),
    }),
  },
  'AWS::ElastiCache::SubnetGroup': { named: 'CacheSubnetGroupName' },
  'AWS::ElastiCache::User': { named: 'UserId', attributes: withArn('elasticache', 'user:') },
  'AWS::ElastiCache::UserGroup': { named: 'UserGroupId', attributes: withArn('elasticache', 'usergroup:') },
  'AWS::ElasticLoadBalancingV2::ListenerCertificate': { ref: 'lc-' },
  'AWS::Events::Rule': {
    named: 'Name',
    attributes: ({ id, world }) => ({ Arn: world.arn('events', `rule/${id}`), RuleName: id }),
  },
  'AWS::Logs::MetricFilter': { named: 'FilterName' },
  'AWS::Logs::ResourcePolicy': { named: 'PolicyName' },
  'AWS::Logs::SubscriptionFilter': { named: 'FilterName' },
  'AWS::OpenSearchService::Domain': {
    named: 'DomainName',
    maxLength: 28,
    attributes: ({ id, world }) => ({
      Id: `${world.accountId}/${id}`,
      Arn: world.arn('es', `domain/${id}`),
      DomainEndpoint: `vpc-${id}.${world.region}.es.amazonaws.com`,
      DomainArn: world.arn('es', `domain/${id}`),
    }),
  },
  'AWS::RDS::DBParameterGroup': {
    named: 'DBParameterGroupName',
    attributes: ({ id, world }) => ({ DBParameterGroupName: id, DBParameterGroupArn: world.arn('rds', `pg:${id}`) }),
  },
  'AWS::RDS::DBSubnetGroup': { named: 'DBSubnetGroupName', attributes: withArn('rds', 'subgrp:', 'DBSubnetGroupArn') },
  'AWS::RDS::OptionGroup': { named: 'OptionGroupName' },
  'AWS::Route53::HostedZone': { ref: 'Z', attributes: ({ id }) => ({ Id: id, NameServers: ['ns-1.awsdns.example'] }) },
  'AWS::Route53::RecordSet': { named: 'Name' },
  'AWS::SecretsManager::ResourcePolicy': { ref: 'policy-' },
  'AWS::ServiceDiscovery::HttpNamespace': {
    ref: 'ns-',
    attributes: ({ id, world }) => ({ Id: id, Arn: world.arn('servicediscovery', `namespace/${id}`) }),
  },
  'AWS::ServiceDiscovery::PrivateDnsNamespace': {
    ref: 'ns-',
    attributes: ({ id, world }) => ({
      Id: id,
      Arn: world.arn('servicediscovery', `namespace/${id}`),
      HostedZoneId: `Z${world.newId(13).toUpperCase()}`,
    }),
  },
  'AWS::ServiceDiscovery::Service': {
    ref: 'srv-',
    attributes: ({ id, world, properties }) => ({
      Id: id,
      Arn: world.arn('servicediscovery', `service/${id}`),
      Name: properties['Name'],
    }),
  },
  'AWS::SNS::Subscription': { ref: arn('sns', 'subscription:'), attributes: itself('Arn') },
  'AWS::SNS::Topic': {
    named: 'TopicName',
    ref: arn('sns', ''),
    attributes: ({ id, name }) => ({ TopicArn: id, TopicName: name }),
  },
  'AWS::SNS::TopicPolicy': { ref: 'tp-' },
  'AWS::SQS::Queue': {
    named: 'QueueName',
    maxLength: 80,
    ref: (name, world) => `https://sqs.${world.region}.amazonaws.com/${world.accountId}/${name}`,
    attributes: ({ id, name, world }) => ({ Arn: world.arn('sqs', name), QueueName: name, QueueUrl: id }),
  },
  'AWS::SQS::QueuePolicy': { ref: 'qp-' },
  'AWS::WAFv2::IPSet': { named: 'Name', attributes: withArn('wafv2', 'regional/ipset/') },
  'AWS::WAFv2::LoggingConfiguration': { ref: (_name, _world, { ResourceArn }) => String(ResourceArn) },
  'AWS::WAFv2::WebACL': {
    named: 'Name',
    ref: (name, world) => `${name}|${world.newId(12)}|REGIONAL`,
    attributes: ({ id, name, world }) => ({
      Arn: world.arn('wafv2', `regional/webacl/${name}/${id.split('|')[1] ?? ''}`),
      Id: id.split('|')[1],
      Capacity: 1,
    }),
  },
  'AWS::WAFv2::WebACLAssociation': { ref: 'waf-' },
};
