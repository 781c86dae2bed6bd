import { describe, expect, test } from 'vitest';
import { ValkeyCache, type ValkeyCacheProps } from '../../../../constructs/aws/index.js';
import { helpers, keyArn, literalSecrets, surroundings, synthesizedStack } from '../../../support/synthesized-stack.js';

const secretName = 'agentctl/support/production/generated/cache';
const valkey = (props: Partial<ValkeyCacheProps> = {}) =>
  synthesizedStack((stack) => void new ValkeyCache(stack, 'Cache', { ...surroundings(stack), secretName, ...props }));

describe('with nothing but what has to be given', () => {
  const cache = valkey();
  const group = cache.only('AWS::ElastiCache::ReplicationGroup');

  test('is encrypted at rest and on the way (AwsSolutions-AEC3, CT.ELASTICACHE.PR.4, PR.5, CKV_AWS_29, CKV_AWS_30, AWS-0045, AWS-0051)', () => {
    expect(group).toMatchObject({
      AtRestEncryptionEnabled: true,
      KmsKeyId: keyArn,
      TransitEncryptionEnabled: true,
      TransitEncryptionMode: 'required',
    });
  });

  test('has a replica in another zone that takes over (AwsSolutions-AEC4, CT.ELASTICACHE.PR.3)', () => {
    expect(group).toMatchObject({ NumCacheClusters: 2, AutomaticFailoverEnabled: true, MultiAZEnabled: true });
  });

  test('is in subnets of its own, and not on its usual port (AwsSolutions-AEC1, AEC5)', () => {
    expect(group).toMatchObject({ Port: 6380, CacheSubnetGroupName: { Ref: expect.stringMatching(/^CacheSubnets/) } });
    expect(cache.only('AWS::ElastiCache::SubnetGroup')).toMatchObject({
      SubnetIds: ['subnet-data1', 'subnet-data2', 'subnet-data3'],
    });
  });

  test('asks for a password that is in no template (AwsSolutions-AEC6, CKV_AWS_31, CT.ELASTICACHE.PR.7, PR.8)', () => {
    expect(group['AuthToken']).toBe(`{{resolve:secretsmanager:${secretName}:SecretString:password::}}`);
    expect(literalSecrets(cache)).toEqual([]);
  });

  test('keeps snapshots for 15 days and upgrades itself (CT.ELASTICACHE.PR.1, PR.2, AWS-0050)', () => {
    expect(group).toMatchObject({ SnapshotRetentionLimit: 15, AutoMinorVersionUpgrade: true });
  });

  test('is kept when the stack goes, under a fixed logical id', () => {
    expect(cache.resources['Cache']).toMatchObject({
      Type: 'AWS::ElastiCache::ReplicationGroup',
      DeletionPolicy: 'RetainExceptOnCreate',
      UpdateReplacePolicy: 'Retain',
    });
  });

  test('writes logs, encrypted, for a year', () => {
    expect(cache.only('AWS::Logs::LogGroup')).toMatchObject({ RetentionInDays: 365, KmsKeyId: keyArn });
    expect(group['LogDeliveryConfigurations']).toHaveLength(2);
  });

  test('loses no task when memory is full', () => {
    expect(cache.only('AWS::ElastiCache::ParameterGroup')).toMatchObject({
      CacheParameterGroupFamily: 'valkey8',
      Properties: { 'maxmemory-policy': 'noeviction' },
    });
  });

  test('has no helper function and nothing that cdk-nag finds, HIPAA, NIST and PCI included', () => {
    expect(helpers(cache)).toEqual([]);
    expect(cache.findings).toEqual([]);
    expect(cache.acknowledged).toEqual([]);
    expect([...cache.stricter]).toEqual([]);
  });
});

test('as a cache, it drops what expires', () => {
  expect(valkey({ use: 'cache' }).only('AWS::ElastiCache::ParameterGroup')).toMatchObject({
    Properties: { 'maxmemory-policy': 'volatile-lru' },
  });
});

test('without replica, it asks for no failover; cdk-nag says so', () => {
  const cache = valkey({ replicas: 0, nodeType: 'cache.t4g.micro' });
  expect(cache.only('AWS::ElastiCache::ReplicationGroup')).toMatchObject({
    NumCacheClusters: 1,
    AutomaticFailoverEnabled: false,
    MultiAZEnabled: false,
  });
  expect(cache.findings).toEqual(['AwsSolutions-AEC4 Test/Cache/ReplicationGroup']);
});

test.each<[Partial<ValkeyCacheProps>, string]>([
  [{ nodeType: 'm7g.large' }, 'nodeType "m7g.large" is not a node type such as cache.m7g.large'],
  [{ replicas: 6 }, 'replicas 6 is not a whole number from 0 to 5'],
  [{ port: 80 }, 'port 80 is not a whole number from 1024 to 65535'],
  [{ snapshotRetentionDays: 36 }, 'snapshotRetentionDays 36 is not a whole number from 0 to 35'],
  [{ secretName: '' }, '"" is not the name of a secret'],
])('%j is refused, by the path of the construct', (props, message) => {
  expect(() => valkey(props)).toThrow(`Test/Cache: ${message}`);
});
