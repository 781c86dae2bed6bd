import { Duration, Stack } from 'aws-cdk-lib/core';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as rds from 'aws-cdk-lib/aws-rds';
import * as s3 from 'aws-cdk-lib/aws-s3';
import { describe, expect, test } from 'vitest';
import { PostgresInstance, type PostgresInstanceProps } from '../../../../constructs/aws/index.js';
import { helpers, keyArn, literalSecrets, surroundings, synthesizedStack } from '../../../support/synthesized-stack.js';

const secretName = 'agentctl/support/production/generated/postgres';
const postgres = (props: Partial<PostgresInstanceProps> = {}) =>
  synthesizedStack(
    (stack) => void new PostgresInstance(stack, 'Postgres', { ...surroundings(stack), secretName, ...props }),
  );

describe('with nothing but what has to be given', () => {
  const database = postgres();
  const instance = database.only('AWS::RDS::DBInstance');

  test('is encrypted with the key of the customer (AwsSolutions-RDS2, CT.RDS.PR.24, CKV_AWS_16, AWS-0080, W9008)', () => {
    expect(instance).toMatchObject({ StorageEncrypted: true, KmsKeyId: keyArn, PerformanceInsightsKMSKeyId: keyArn });
  });

  test('has a standby and cannot be deleted (AwsSolutions-RDS3, RDS10, CT.RDS.PR.1, PR.13, CKV_AWS_157, AWS-0177)', () => {
    expect(instance).toMatchObject({ MultiAZ: true, DeletionProtection: true, DeleteAutomatedBackups: false });
    expect(database.resources['Postgres']).toMatchObject({
      DeletionPolicy: 'RetainExceptOnCreate',
      UpdateReplacePolicy: 'Retain',
    });
  });

  test('is not on its usual port, nor public (AwsSolutions-RDS11, CT.RDS.PR.20, PR.23, CKV_AWS_17, AWS-0180, W9011)', () => {
    expect(instance).toMatchObject({ Port: '5433', PubliclyAccessible: false });
  });

  test('can be restored to any moment of 14 days (AwsSolutions-RDS13, CT.RDS.PR.8, PR.10, AWS-0077)', () => {
    expect(instance).toMatchObject({ BackupRetentionPeriod: 14, CopyTagsToSnapshot: true });
  });

  test('takes tokens of IAM, upgrades itself, is no default user’s (CT.RDS.PR.7, PR.5, PR.22, CKV_AWS_161, AWS-0176)', () => {
    expect(instance).toMatchObject({
      EnableIAMDatabaseAuthentication: true,
      AutoMinorVersionUpgrade: true,
      MasterUsername: 'agent',
      EngineVersion: '17.9',
      EngineLifecycleSupport: 'open-source-rds-extended-support-disabled',
    });
  });

  test('is measured and writes logs (CT.RDS.PR.2, PR.14, CKV_AWS_118, AWS-0133)', () => {
    expect(instance).toMatchObject({
      MonitoringInterval: 60,
      MonitoringRoleArn: { 'Fn::GetAtt': [expect.stringMatching(/^PostgresMonitoringRole/), 'Arn'] },
      EnablePerformanceInsights: true,
      PerformanceInsightsRetentionPeriod: 7,
      DatabaseInsightsMode: 'standard',
      EnableCloudwatchLogsExports: ['postgresql', 'upgrade', 'iam-db-auth-error'],
    });
  });

  test('its log groups are there before it, encrypted, for a year (CT.CLOUDWATCH.PR.2, PR.3)', () => {
    const groups = Object.entries(database.resources).filter(([, { Type }]) => Type === 'AWS::Logs::LogGroup');
    const identifier = String(instance['DBInstanceIdentifier']);
    expect(groups.map(([, { Properties }]) => Properties)).toEqual(
      ['postgresql', 'upgrade', 'iam-db-auth-error'].map((log) => ({
        LogGroupName: `/aws/rds/instance/${identifier}/${log}`,
        RetentionInDays: 365,
        KmsKeyId: keyArn,
      })),
    );
    expect(database.resources['Postgres']?.DependsOn).toEqual(expect.arrayContaining(groups.map(([id]) => id)));
  });

  test('accepts TLS only, and no old one (CT.RDS.PR.28, CKV2_AWS_69)', () => {
    expect(database.only('AWS::RDS::DBParameterGroup')).toMatchObject({
      Family: 'postgres17',
      Parameters: { 'rds.force_ssl': '1', ssl_min_protocol_version: 'TLSv1.2' },
    });
  });

  test('lets nobody in and goes nowhere by itself (AwsSolutions-EC23, CKV_AWS_23, AWS-0104)', () => {
    const group = database.only('AWS::EC2::SecurityGroup');
    expect(group['SecurityGroupIngress']).toBeUndefined();
    expect(group['SecurityGroupEgress']).toEqual([
      {
        CidrIp: '255.255.255.255/32',
        Description: 'Disallow all traffic',
        IpProtocol: 'icmp',
        FromPort: 252,
        ToPort: 86,
      },
    ]);
  });

  test('takes its password from a secret by name; it is in no template', () => {
    expect(instance['MasterUserPassword']).toBe(`{{resolve:secretsmanager:${secretName}:SecretString:password::}}`);
    expect(literalSecrets(database)).toEqual([]);
    expect(Object.values(database.resources).filter(({ Type }) => Type === 'AWS::SecretsManager::Secret')).toEqual([]);
  });

  test('has no helper function and nothing that cdk-nag finds', () => {
    expect(helpers(database)).toEqual([]);
    expect(database.findings).toEqual([]);
    expect(database.acknowledged).toEqual([]);
  });

  test('breaks no rule of HIPAA, NIST or PCI but that it is in a backup plan, which the BackupPlan is for', () => {
    expect([...database.stricter].toSorted()).toEqual(['RDSInBackupPlan']);
  });

  test('the monitoring role may write the streams of databases, and is not given AWS’s policy for every log group', () => {
    const policy = database.only('AWS::IAM::ManagedPolicy')['PolicyDocument'];
    expect(JSON.stringify(policy)).toContain(`log-group:RDSOSMetrics:log-stream:db-${'?'.repeat(26)}`);
    expect(database.only('AWS::IAM::Role')['ManagedPolicyArns']).toBeUndefined();
  });
});

describe('who connects', () => {
  test('gets in on the one port, given as a number', () => {
    const database = synthesizedStack((stack) => {
      const { vpc, ...rest } = surroundings(stack);
      const service = new ec2.SecurityGroup(stack, 'Service', { vpc, allowAllOutbound: false });
      const { connections } = new PostgresInstance(stack, 'Postgres', { vpc, ...rest, secretName });
      connections.allowDefaultPortFrom(service, 'Service');
    });
    expect(database.only('AWS::EC2::SecurityGroupIngress')).toMatchObject({
      FromPort: 5433,
      ToPort: 5433,
      IpProtocol: 'tcp',
    });
    expect(database.findings).toEqual([]);
  });
});

describe('choices', () => {
  test('read replicas are encrypted as their source is, which CloudFormation does not want to be told, in zones of their own, with their own log groups', () => {
    const database = postgres({ readReplicas: 2, instanceIdentifier: 'support-production' });
    const replicas = database
      .all('AWS::RDS::DBInstance')
      .filter((item) => item['SourceDBInstanceIdentifier'] !== undefined);
    expect(replicas.map((replica) => replica['DBInstanceIdentifier'])).toEqual([
      'support-production-replica-1',
      'support-production-replica-2',
    ]);
    for (const replica of replicas)
      expect(replica).toMatchObject({
        PubliclyAccessible: false,
        DeletionProtection: true,
        Port: '5433',
      });
    expect(database.all('AWS::Logs::LogGroup')).toHaveLength(9);
    expect(helpers(database)).toEqual([]);
    expect(database.findings).toEqual([]);
    expect(database.acknowledged).toEqual(['AwsSolutions-RDS2']);
    for (const replica of replicas) expect(replica).not.toHaveProperty('StorageEncrypted');
  });

  test('advanced insights are kept for 15 months', () => {
    expect(postgres({ databaseInsights: 'advanced' }).only('AWS::RDS::DBInstance')).toMatchObject({
      DatabaseInsightsMode: 'advanced',
      PerformanceInsightsRetentionPeriod: 465,
    });
  });

  test('snapshots may be exported to one bucket', () => {
    const database = synthesizedStack((stack) => {
      const snapshotExportBucket = s3.Bucket.fromBucketName(stack, 'Bucket', 'exports');
      new PostgresInstance(stack, 'Postgres', { ...surroundings(stack), secretName, snapshotExportBucket });
    });
    expect(database.text).toContain('export.rds.amazonaws.com');
    expect(database.findings).toEqual([]);
    expect(database.acknowledged).toEqual([expect.stringMatching(/^AwsSolutions-IAM5\[Resource::/)]);
  });

  test('a transform has the last word', () => {
    const database = postgres({
      transform: (resource) => {
        if (resource instanceof rds.CfnDBInstance) resource.storageThroughput = 500;
      },
    });
    expect(database.only('AWS::RDS::DBInstance')).toMatchObject({ StorageThroughput: 500 });
  });

  test('parameters go before the computed ones', () => {
    const parameters = { work_mem: '1024', log_statement: 'all' };
    expect(postgres({ parameters }).only('AWS::RDS::DBParameterGroup')['Parameters']).toMatchObject(parameters);
  });

  test('the logical id stays when the construct moves', () => {
    const moved = synthesizedStack((stack) => {
      new PostgresInstance(new Stack(stack, 'Nested'), 'Main-Postgres', { ...surroundings(stack), secretName });
      new PostgresInstance(stack, 'Main-Postgres', { ...surroundings(new Stack(stack, 'Other')), secretName });
    });
    expect(moved.resources['MainPostgres']?.Type).toBe('AWS::RDS::DBInstance');
  });
});

test.each<[Partial<PostgresInstanceProps>, string]>([
  [{ port: 70_000 }, 'port 70000 is not a whole number from 1150 to 65535'],
  [{ instanceClass: 'm7g.large' }, 'instanceClass "m7g.large" is not an instance class such as db.m7g.large'],
  [{ allocatedStorageGiB: 10 }, 'allocatedStorageGiB 10 is not a whole number from 20 to 65536'],
  [{ readReplicas: 16 }, 'readReplicas 16 is not a whole number from 0 to 15'],
  [{ backupRetention: Duration.days(36) }, 'backupRetention of 36 days is not 1 to 35 whole days'],
  [{ username: 'postgres' }, 'username "postgres" is a name that everybody tries'],
  [{ databaseName: 'my-db' }, 'databaseName "my-db" is not 1 to 63 letters, digits and underscores'],
  [{ instanceIdentifier: 'a--b' }, 'instanceIdentifier "a--b" is not 1 to 51 lower-case letters'],
  [
    { instanceClass: 'db.t4g.micro', maxConnections: 500 },
    'maxConnections 500 is more than the memory of db.t4g.micro is enough for (101)',
  ],
  [{ secretName: 'has space' }, '"has space" is not the name of a secret'],
])('%j is refused, by the path of the construct', (props, message) => {
  expect(() => postgres(props)).toThrow(`Test/Postgres: ${message}`);
});

test('all that is wrong is said at once', () => {
  expect(() => postgres({ port: 1, readReplicas: -1 })).toThrow(/port 1 is not .*; readReplicas -1 is not/);
});
