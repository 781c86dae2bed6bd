// Writes resource-facts.json: what CloudFormation's registry says of each resource type that the fake takes, out of the
// database that the CDK carries (Apache-2.0). Reading that takes seconds, so its answer is kept.
// node test/support/fake-aws/resources/write-facts.mjs
import { writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';

const { loadAwsServiceSpecSync } = createRequire(import.meta.url)('@aws-cdk/aws-service-spec');
const families = {
  AmazonMQ: 'Broker Configuration ConfigurationAssociation',
  ApplicationAutoScaling: 'ScalableTarget ScalingPolicy',
  Backup: 'BackupPlan BackupSelection BackupVault',
  CDK: 'Metadata',
  CertificateManager: 'Certificate',
  CloudWatch: 'Alarm CompositeAlarm Dashboard',
  EC2: 'EIP FlowLog InternetGateway NatGateway NetworkAcl NetworkAclEntry Route RouteTable SecurityGroup SecurityGroupEgress SecurityGroupIngress Subnet SubnetNetworkAclAssociation SubnetRouteTableAssociation VPC VPCEndpoint VPCGatewayAttachment',
  ECR: 'Repository',
  ECS: 'CapacityProvider Cluster ClusterCapacityProviderAssociations Service TaskDefinition',
  ElastiCache: 'ParameterGroup ReplicationGroup ServerlessCache SubnetGroup User UserGroup',
  ElasticLoadBalancingV2: 'Listener ListenerCertificate ListenerRule LoadBalancer TargetGroup',
  Events: 'Rule',
  IAM: 'ManagedPolicy OIDCProvider Policy Role',
  KMS: 'Alias Key',
  Logs: 'LogGroup LogStream MetricFilter ResourcePolicy SubscriptionFilter',
  OpenSearchService: 'Domain',
  RDS: 'DBInstance DBParameterGroup DBProxy DBProxyTargetGroup DBSubnetGroup OptionGroup',
  Route53: 'HostedZone RecordSet',
  S3: 'Bucket BucketPolicy',
  Scheduler: 'Schedule ScheduleGroup',
  SecretsManager: 'ResourcePolicy Secret SecretTargetAttachment',
  ServiceDiscovery: 'HttpNamespace PrivateDnsNamespace Service',
  SNS: 'Subscription Topic TopicPolicy',
  SQS: 'Queue QueuePolicy',
  SSM: 'Association Document Parameter',
  WAFv2: 'IPSet LoggingConfiguration WebACL WebACLAssociation',
};

const database = loadAwsServiceSpecSync();
const facts = {};
for (const [family, names] of Object.entries(families)) {
  for (const name of names.split(' ')) {
    const type = `AWS::${family}::${name}`;
    const [found] = database.lookup('resource', 'cloudFormationType', 'equals', type);
    if (found === undefined) {
      if (type !== 'AWS::CDK::Metadata') throw new Error(`no ${type}`);
      facts[type] = { properties: 'Analytics', required: '', always: '', maybe: '', identifier: '', attributes: '' };
      continue;
    }
    const properties = Object.entries(found.properties);
    const those = (isOne) =>
      properties
        .filter(([, property]) => isOne(property))
        .map(([key]) => key)
        .sort()
        .join(' ');
    facts[type] = {
      properties: those(() => true),
      required: those(({ required }) => required === true),
      always: those(({ causesReplacement }) => causesReplacement === 'yes'),
      maybe: those(({ causesReplacement }) => causesReplacement === 'maybe'),
      identifier: (found.primaryIdentifier ?? []).join(' '),
      attributes: Object.keys(found.attributes).sort().join(' '),
    };
  }
}
writeFileSync(new URL('resource-facts.json', import.meta.url), `${JSON.stringify(facts, null, 2)}\n`);
