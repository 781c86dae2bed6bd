import { at, listOf, textsIn } from '../../../stacks/aws/policy/template.js';

/** What has to be set on every resource of a type, and the ids of the checks that look for it. */
export interface Condition {
  readonly type: string;
  /** AwsSolutions, Control Tower (CT), checkov (CKV), Trivy (AWS-…), HIPAA/NIST/PCI (HN), CloudFormation Validate (W…). */
  readonly ids: string;
  readonly what: string;
  readonly holds: (properties: Properties) => boolean;
}

type Properties = Readonly<Record<string, unknown>>;

const isSet = (value: unknown): boolean => value !== undefined && value !== null && value !== '';
const isReplica = (properties: Properties): boolean => isSet(properties['SourceDBInstanceIdentifier']);
const items = (value: unknown): readonly unknown[] => listOf(value);

function attribute(properties: Properties, list: string, key: string): unknown {
  return at(
    items(properties[list]).find((entry) => at(entry, 'Key') === key),
    'Value',
  );
}

function containers(properties: Properties, holds: (container: unknown) => boolean): boolean {
  return items(properties['ContainerDefinitions']).every(holds);
}

/** From the table “AWS CloudFormation: id → what must be set”. What only some stacks have is looked at where it is. */
export const conditions: readonly Condition[] = [
  ...of('AWS::RDS::DBInstance', [
    [
      'AwsSolutions-RDS2, CT.RDS.PR.24, CKV_AWS_16, AWS-0080',
      'encrypted; a replica is as its source',
      (it) => it['StorageEncrypted'] === true || isReplica(it),
    ],
    ['CT.RDS.PR.30, W9008', 'with a key of the customer', (it) => isSet(it['KmsKeyId']) || isReplica(it)],
    [
      'AwsSolutions-RDS10, CT.RDS.PR.13, AWS-0177',
      'protected from deletion',
      (it) => it['DeletionProtection'] === true,
    ],
    [
      'AwsSolutions-RDS11, CT.RDS.PR.20',
      'not on the default port',
      (it) => !['5432', undefined].includes(text(it['Port'])),
    ],
    [
      'AwsSolutions-RDS13, CT.RDS.PR.8, AWS-0077',
      'backed up for 7 days or more',
      (it) => isReplica(it) || Number(it['BackupRetentionPeriod']) >= 7,
    ],
    ['CT.RDS.PR.23, CKV_AWS_17, AWS-0180, W9011', 'not public, in writing', (it) => it['PubliclyAccessible'] === false],
    [
      'CT.RDS.PR.7, CKV_AWS_161, AWS-0176',
      'IAM authentication',
      (it) => it['EnableIAMDatabaseAuthentication'] === true,
    ],
    [
      'CT.RDS.PR.2, CKV_AWS_118',
      'enhanced monitoring',
      (it) => Number(it['MonitoringInterval']) > 0 && isSet(it['MonitoringRoleArn']),
    ],
    [
      'CT.RDS.PR.14, HN RDSLoggingEnabled',
      'logs exported',
      (it) => ['postgresql', 'upgrade'].every((log) => items(it['EnableCloudwatchLogsExports']).includes(log)),
    ],
    ['CT.RDS.PR.5', 'minor versions upgraded', (it) => it['AutoMinorVersionUpgrade'] === true],
    ['CT.RDS.PR.10', 'tags copied to snapshots', (it) => it['CopyTagsToSnapshot'] === true],
    [
      'CT.RDS.PR.22',
      'a user name of its own',
      (it) => isReplica(it) || !['postgres', 'admin', 'root', undefined].includes(text(it['MasterUsername'])),
    ],
    ['AWS-0133, AWS-0078', 'Performance Insights, encrypted', (it) => isSet(it['PerformanceInsightsKMSKeyId'])],
  ]),
  ...of('AWS::RDS::DBParameterGroup', [
    ['CT.RDS.PR.28, CKV2_AWS_69', 'TLS demanded', (it) => text(at(it, 'Parameters', 'rds.force_ssl')) === '1'],
  ]),
  ...of('AWS::OpenSearchService::Domain', [
    ['AwsSolutions-OS1, CT.OPENSEARCH.PR.10', 'in a VPC', (it) => items(at(it, 'VPCOptions', 'SubnetIds')).length > 0],
    [
      'AwsSolutions-OS2, CT.OPENSEARCH.PR.11, AWS-0043',
      'encrypted between nodes',
      (it) => at(it, 'NodeToNodeEncryptionOptions', 'Enabled') === true,
    ],
    ['AwsSolutions-OS7', 'in several zones', (it) => at(it, 'ClusterConfig', 'ZoneAwarenessEnabled') === true],
    [
      'AwsSolutions-OS4, CT.OPENSEARCH.PR.14',
      'dedicated masters',
      (it) => at(it, 'ClusterConfig', 'DedicatedMasterEnabled') === true,
    ],
    [
      'AwsSolutions-OS8, CT.OPENSEARCH.PR.9, AWS-0048',
      'encrypted with a key of the customer',
      (it) =>
        at(it, 'EncryptionAtRestOptions', 'Enabled') === true && isSet(at(it, 'EncryptionAtRestOptions', 'KmsKeyId')),
    ],
    [
      'AwsSolutions-OS9, CT.OPENSEARCH.PR.12, CKV_AWS_84, CKV_AWS_317, AWS-0042',
      'slow, error and audit logs',
      (it) =>
        ['SEARCH_SLOW_LOGS', 'INDEX_SLOW_LOGS', 'ES_APPLICATION_LOGS', 'AUDIT_LOGS'].every(
          (log) => at(it, 'LogPublishingOptions', log, 'Enabled') === true,
        ),
    ],
    [
      'CT.OPENSEARCH.PR.16, AWS-0046, AWS-0126',
      'HTTPS, TLS 1.2 or later',
      (it) =>
        at(it, 'DomainEndpointOptions', 'EnforceHTTPS') === true &&
        text(at(it, 'DomainEndpointOptions', 'TLSSecurityPolicy'))?.includes('TLS-1-2') === true,
    ],
    ['CT.OPENSEARCH.PR.15', 'fine-grained access', (it) => at(it, 'AdvancedSecurityOptions', 'Enabled') === true],
  ]),
  ...of('AWS::ElastiCache::ReplicationGroup', [
    ['AwsSolutions-AEC1, CT.ELASTICACHE.PR.4', 'in subnets of ours', (it) => isSet(it['CacheSubnetGroupName'])],
    [
      'AwsSolutions-AEC3, CT.ELASTICACHE.PR.5, CKV_AWS_29, CKV_AWS_30, AWS-0045, AWS-0051',
      'encrypted at rest and on the way',
      (it) => it['AtRestEncryptionEnabled'] === true && it['TransitEncryptionEnabled'] === true,
    ],
    ['AwsSolutions-AEC5', 'not on the default port', (it) => !['6379', undefined].includes(text(it['Port']))],
    ['AwsSolutions-AEC6, CKV_AWS_31, CT.ELASTICACHE.PR.8', 'a password', (it) => isSet(it['AuthToken'])],
    ['CT.ELASTICACHE.PR.2', 'minor versions upgraded', (it) => it['AutoMinorVersionUpgrade'] === true],
  ]),
  ...of('AWS::ECS::Cluster', [
    [
      'AwsSolutions-ECS4, CT.ECS.PR.2, CKV_AWS_65, AWS-0034',
      'Container Insights',
      (it) =>
        items(it['ClusterSettings']).some((setting) =>
          ['enabled', 'enhanced'].includes(text(at(setting, 'Value')) ?? ''),
        ),
    ],
  ]),
  ...of('AWS::ECS::TaskDefinition', [
    [
      'AwsSolutions-ECS2, CT.ECS.PR.12, AWS-0036',
      'no literal variables',
      (it) => containers(it, (container) => items(at(container, 'Environment')).length === 0),
    ],
    [
      'AwsSolutions-ECS7, CT.ECS.PR.5',
      'logs kept',
      (it) => containers(it, (container) => isSet(at(container, 'LogConfiguration', 'LogDriver'))),
    ],
    [
      'CT.ECS.PR.3',
      'not root',
      (it) =>
        containers(
          it,
          (container) => !['', '0', 'root', undefined].includes(text(at(container, 'User'))?.split(':')[0]),
        ),
    ],
    [
      'CT.ECS.PR.6',
      'a root file system that is read only',
      (it) => containers(it, (container) => at(container, 'ReadonlyRootFilesystem') === true),
    ],
    [
      'CT.ECS.PR.11, CT.ECS.PR.4',
      'not privileged',
      (it) => containers(it, (container) => at(container, 'Privileged') !== true),
    ],
    ['CT.ECS.PR.8, CT.ECS.PR.10', 'a network interface of its own', (it) => it['NetworkMode'] === 'awsvpc'],
  ]),
  ...of('AWS::ECS::Service', [
    [
      'CT.ECS.PR.9',
      'no public address',
      (it) => at(it, 'NetworkConfiguration', 'AwsvpcConfiguration', 'AssignPublicIp') === 'DISABLED',
    ],
    ['CT.ECS.PR.1', 'the latest platform', (it) => [undefined, 'LATEST'].includes(text(it['PlatformVersion']))],
    [
      'shouldUseCircuitBreaker',
      'goes back when a rollout fails',
      (it) =>
        at(it, 'DeploymentConfiguration', 'DeploymentCircuitBreaker', 'Enable') === true &&
        at(it, 'DeploymentConfiguration', 'DeploymentCircuitBreaker', 'Rollback') === true,
    ],
    [
      'minHealthyPercent',
      'never fewer tasks than wanted, or one after the other where two generations would be too many',
      (it) => {
        const { MinimumHealthyPercent: least, MaximumHealthyPercent: most } = deploymentOf(it);
        return Number(least) >= 100 || (Number(least) >= 50 && Number(most) === 100);
      },
    ],
  ]),
  ...of('AWS::ElasticLoadBalancingV2::LoadBalancer', [
    [
      'AwsSolutions-ELB2, CT.ELASTICLOADBALANCING.PR.6, CKV_AWS_91',
      'access logs',
      (it) => attribute(it, 'LoadBalancerAttributes', 'access_logs.s3.enabled') === 'true',
    ],
    [
      'CT.ELASTICLOADBALANCING.PR.4, CKV_AWS_131, AWS-0052',
      'invalid headers dropped',
      (it) => attribute(it, 'LoadBalancerAttributes', 'routing.http.drop_invalid_header_fields.enabled') === 'true',
    ],
    [
      'CT.ELASTICLOADBALANCING.PR.5, HN ELBDeletionProtectionEnabled',
      'protected from deletion',
      (it) => attribute(it, 'LoadBalancerAttributes', 'deletion_protection.enabled') === 'true',
    ],
    [
      'CT.ELASTICLOADBALANCING.PR.3',
      'desync mode defensive (the default) or strictest',
      (it) =>
        [undefined, 'defensive', 'strictest'].includes(
          text(attribute(it, 'LoadBalancerAttributes', 'routing.http.desync_mitigation_mode')),
        ),
    ],
  ]),
  ...of('AWS::ECR::Repository', [
    [
      'CKV_AWS_163, CT.ECR.PR.3, AWS-0030',
      'scanned on push',
      (it) => at(it, 'ImageScanningConfiguration', 'ScanOnPush') === true,
    ],
    ['CKV_AWS_51, CT.ECR.PR.2, AWS-0031', 'tags that stay', (it) => it['ImageTagMutability'] === 'IMMUTABLE'],
    [
      'CKV_AWS_136, AWS-0033',
      'encrypted with KMS',
      (it) => at(it, 'EncryptionConfiguration', 'EncryptionType') === 'KMS',
    ],
    ['CT.ECR.PR.1', 'a lifecycle', (it) => isSet(at(it, 'LifecyclePolicy', 'LifecyclePolicyText'))],
  ]),
  ...of('AWS::EC2::Subnet', [
    ['CT.EC2.PR.11, AWS-0164', 'no public addresses on launch', (it) => it['MapPublicIpOnLaunch'] !== true],
  ]),
  ...of('AWS::EC2::SecurityGroup', [
    ['CKV_AWS_23, AWS-0099', 'a description', (it) => isSet(it['GroupDescription'])],
    [
      'AwsSolutions-EC23, CKV_AWS_24, CKV_AWS_25, CT.EC2.PR.3, AWS-0107',
      'open to all at 80 and 443 at most',
      (it) =>
        items(it['SecurityGroupIngress']).every(
          (rule) =>
            !['0.0.0.0/0', '::/0'].includes(text(at(rule, 'CidrIp') ?? at(rule, 'CidrIpv6')) ?? '') ||
            ['80', '443'].includes(text(at(rule, 'FromPort')) ?? ''),
        ),
    ],
    [
      'AwsSolutions-EC27',
      'a description of each rule',
      (it) => items(it['SecurityGroupIngress']).every((rule) => isSet(at(rule, 'Description'))),
    ],
  ]),
  ...of('AWS::Logs::LogGroup', [
    ['CT.CLOUDWATCH.PR.2, CKV_AWS_66', 'a retention', (it) => isSet(it['RetentionInDays'])],
    [
      'CT.CLOUDWATCH.PR.3, CKV_AWS_158, AWS-0017',
      'encrypted with a key of the customer',
      (it) => isSet(it['KmsKeyId']),
    ],
  ]),
  ...of('AWS::S3::Bucket', [
    [
      'CT.S3.PR.1, CKV_AWS_53 to 56, AWS-0086 to 0094',
      'no public access, four times',
      (it) =>
        ['BlockPublicAcls', 'BlockPublicPolicy', 'IgnorePublicAcls', 'RestrictPublicBuckets'].every(
          (name) => at(it, 'PublicAccessBlockConfiguration', name) === true,
        ),
    ],
    ['CT.S3.PR.8, CKV_AWS_19, AWS-0088', 'encrypted', (it) => isSet(it['BucketEncryption'])],
    ['CT.S3.PR.3, CKV_AWS_21', 'versioned', (it) => at(it, 'VersioningConfiguration', 'Status') === 'Enabled'],
    ['CT.S3.PR.11', 'a lifecycle', (it) => items(at(it, 'LifecycleConfiguration', 'Rules')).length > 0],
  ]),
  ...of('AWS::S3::BucketPolicy', [
    [
      'AwsSolutions-S10, CT.S3.PR.6',
      'TLS only',
      (it) => [...textsIn(it)].some(([path]) => path.at(-1) === 'aws:SecureTransport'),
    ],
  ]),
  ...of('AWS::KMS::Key', [
    ['AwsSolutions-KMS5, CKV_AWS_7, CT.KMS.PR.1, AWS-0065', 'rotated', (it) => it['EnableKeyRotation'] === true],
  ]),
  ...of('AWS::IAM::Role', [
    [
      'AwsSolutions-IAM4, CT.IAM.PR.1',
      'no policy of AWS',
      (it) => items(it['ManagedPolicyArns']).every((arn) => !isOfAws(arn)),
    ],
    [
      'CKV_AWS_60, CKV_AWS_61',
      'for named services only',
      (it) =>
        [...textsIn(it['AssumeRolePolicyDocument'])].every(
          ([path, value]) => !path.includes('Principal') || value !== '*',
        ),
    ],
  ]),
  ...of('AWS::IAM::Policy', [
    [
      'AwsSolutions-IAM5, CKV_AWS_62, CKV_AWS_63, AWS-0345',
      'no wildcard of a whole service',
      (it) =>
        [...textsIn(it)].every(([path, value]) => !path.includes('Action') || !/^(?:\*|[a-z0-9-]+:\*)$/.test(value)),
    ],
  ]),
  ...of('AWS::Backup::BackupVault', [
    ['CKV_AWS_166', 'encrypted with a key of the customer', (it) => isSet(it['EncryptionKeyArn'])],
  ]),
  ...of('AWS::WAFv2::WebACL', [['CT.WAFV2.PR.1, CKV_AWS_192', 'rules', (it) => items(it['Rules']).length > 0]]),
  ...of('AWS::SNS::Topic', [['CKV_AWS_26, AWS-0095, AWS-0136', 'encrypted', (it) => isSet(it['KmsMasterKeyId'])]]),
];

function deploymentOf(service: Properties): Properties {
  const found = service['DeploymentConfiguration'];
  return typeof found === 'object' && found !== null ? { ...found } : {};
}

function of(
  type: string,
  rows: readonly (readonly [ids: string, what: string, holds: Condition['holds']])[],
): readonly Condition[] {
  return rows.map(([ids, what, holds]) => ({ type, ids, what, holds }));
}

function text(value: unknown): string | undefined {
  return typeof value === 'string' || typeof value === 'number' ? String(value) : undefined;
}

function isOfAws(arn: unknown): boolean {
  return [...textsIn(arn)].some(([, part]) => part.includes(':iam::aws:policy/'));
}
