import * as iam from 'aws-cdk-lib/aws-iam';
import { describe, expect, test } from 'vitest';
import { OpenSearchDomain, type OpenSearchDomainProps } from '../../../../constructs/aws/index.js';
import { helpers, keyArn, literalSecrets, surroundings, synthesizedStack } from '../../../support/synthesized-stack.js';

const access = { kind: 'password', secretName: 'agentctl/support/production/generated/search' } as const;
const search = (props: Partial<OpenSearchDomainProps> = {}) =>
  synthesizedStack((stack) => void new OpenSearchDomain(stack, 'Search', { ...surroundings(stack), access, ...props }));

describe('with nothing but what has to be given', () => {
  const cluster = search();
  const domain = cluster.only('AWS::OpenSearchService::Domain');

  test('is in the VPC, three data nodes over three zones, with three dedicated masters (AwsSolutions-OS1, OS4, OS7, CT.OPENSEARCH.PR.10, PR.14)', () => {
    expect(domain).toMatchObject({
      VPCOptions: { SubnetIds: ['subnet-data1', 'subnet-data2', 'subnet-data3'] },
      ClusterConfig: {
        InstanceCount: 3,
        InstanceType: 'r7g.large.search',
        DedicatedMasterEnabled: true,
        DedicatedMasterCount: 3,
        ZoneAwarenessEnabled: true,
        ZoneAwarenessConfig: { AvailabilityZoneCount: 3 },
        MultiAZWithStandbyEnabled: false,
      },
      EngineVersion: 'OpenSearch_3.3',
    });
  });

  test('is encrypted at rest and between nodes (AwsSolutions-OS2, OS8, CT.OPENSEARCH.PR.9, PR.11, AWS-0043, AWS-0048)', () => {
    expect(domain).toMatchObject({
      NodeToNodeEncryptionOptions: { Enabled: true },
      EncryptionAtRestOptions: { Enabled: true, KmsKeyId: expect.stringMatching(/^0a1b2c3d/) },
    });
  });

  test('speaks HTTPS only, with TLS 1.2 and perfect forward secrecy (CT.OPENSEARCH.PR.16, AWS-0046, AWS-0126)', () => {
    expect(domain).toMatchObject({
      DomainEndpointOptions: { EnforceHTTPS: true, TLSSecurityPolicy: 'Policy-Min-TLS-1-2-PFS-2023-10' },
    });
  });

  test('clients log in by name and password; the password is in no template (CT.OPENSEARCH.PR.15)', () => {
    expect(domain['AdvancedSecurityOptions']).toEqual({
      Enabled: true,
      InternalUserDatabaseEnabled: true,
      MasterUserOptions: {
        MasterUserName: 'agent',
        MasterUserPassword: `{{resolve:secretsmanager:${access.secretName}:SecretString:password::}}`,
      },
    });
    expect(literalSecrets(cluster)).toEqual([]);
  });

  test('writes four logs, encrypted, for a year, by one policy (AwsSolutions-OS9, CT.OPENSEARCH.PR.12, PR.13, CKV_AWS_84, CKV_AWS_317, AWS-0042)', () => {
    expect(Object.keys(domain['LogPublishingOptions'] as object).toSorted()).toEqual([
      'AUDIT_LOGS',
      'ES_APPLICATION_LOGS',
      'INDEX_SLOW_LOGS',
      'SEARCH_SLOW_LOGS',
    ]);
    const groups = cluster.all('AWS::Logs::LogGroup');
    expect(groups).toHaveLength(4);
    for (const group of groups) expect(group).toMatchObject({ RetentionInDays: 365, KmsKeyId: keyArn });
    const policy = JSON.stringify(cluster.only('AWS::Logs::ResourcePolicy'));
    expect(policy).toContain('es.amazonaws.com');
    const policyId = Object.keys(cluster.resources).find(
      (id) => cluster.resources[id]?.Type === 'AWS::Logs::ResourcePolicy',
    );
    expect(cluster.resources['Search']?.DependsOn).toContain(policyId);
  });

  test('is upgraded in place, and kept when the stack goes, under a fixed logical id', () => {
    expect(cluster.resources['Search']).toMatchObject({
      Type: 'AWS::OpenSearchService::Domain',
      DeletionPolicy: 'RetainExceptOnCreate',
      UpdateReplacePolicy: 'Retain',
      UpdatePolicy: { EnableVersionUpgrade: true },
    });
  });

  test('has no helper function; what cdk-nag finds is acknowledged', () => {
    expect(helpers(cluster)).toEqual([]);
    expect(cluster.findings).toEqual([]);
    expect(cluster.acknowledged).toEqual(['AwsSolutions-OS3', 'AwsSolutions-OS5']);
    expect([...cluster.stricter]).toEqual([]);
  });
});

describe('choices', () => {
  test('for development: one node of the smallest type, no masters, no standby', () => {
    const cluster = search({ dataNodes: 1, instanceType: 't3.small.search', storageGiB: 10 });
    expect(cluster.only('AWS::OpenSearchService::Domain')).toMatchObject({
      VPCOptions: { SubnetIds: ['subnet-data1'] },
      ClusterConfig: {
        InstanceCount: 1,
        DedicatedMasterEnabled: false,
        ZoneAwarenessEnabled: false,
        MultiAZWithStandbyEnabled: false,
      },
    });
    expect(cluster.findings).toEqual([
      'AwsSolutions-OS4 Test/Search/Domain/Resource',
      'AwsSolutions-OS7 Test/Search/Domain/Resource',
    ]);
  });

  test('with roles, only they get in, and OS5 needs no acknowledgement', () => {
    const cluster = synthesizedStack((stack) => {
      const role = (id: string) => iam.Role.fromRoleArn(stack, id, `arn:aws:iam::123456789012:role/${id}`);
      new OpenSearchDomain(stack, 'Search', {
        ...surroundings(stack),
        access: { kind: 'roles', masterRole: role('admin'), clientRoles: [role('api'), role('worker')] },
      });
    });
    const domain = cluster.only('AWS::OpenSearchService::Domain');
    expect(domain['AccessPolicies']).toMatchObject({
      Statement: [
        { Principal: { AWS: ['admin', 'api', 'worker'].map((name) => `arn:aws:iam::123456789012:role/${name}`) } },
      ],
    });
    expect(domain['AdvancedSecurityOptions']).toMatchObject({
      InternalUserDatabaseEnabled: false,
      MasterUserOptions: { MasterUserARN: 'arn:aws:iam::123456789012:role/admin' },
    });
    expect(cluster.findings).toEqual([]);
    expect(cluster.acknowledged).toEqual(['AwsSolutions-OS3']);
  });
});

test.each<[Partial<OpenSearchDomainProps>, string]>([
  [{ version: '3' }, 'version "3" is not one such as 3.3'],
  [{ dataNodes: 0 }, 'dataNodes 0 is not a whole number from 1 to 80'],
  [{ instanceType: 'r7g.large' }, '"r7g.large" is not an instance type such as r7g.large.search'],
  [{ storageGiB: 5 }, 'storageGiB 5 is not a whole number from 10'],
  [{ standby: true, dataNodes: 4 }, 'standby needs dedicated masters, and data nodes in threes'],
  [{ domainName: 'A' }, 'domainName "A" is not 3 to 28 lower-case letters, digits and hyphens'],
])('%j is refused, by the path of the construct', (props, message) => {
  expect(() => search(props)).toThrow(`Test/Search: ${message}`);
});
