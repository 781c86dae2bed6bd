import { expect, test } from 'vitest';
import { unprotectedTemplate } from '../../../../cli/tools/aws/stacks/unprotected-template.js';

const kept = { DeletionPolicy: 'Retain', UpdateReplacePolicy: 'Retain' };

test('data and what is protected may go; the key that backups need stays', () => {
  const after = unprotectedTemplate({
    Resources: {
      Cache: { Type: 'AWS::ElastiCache::ReplicationGroup', ...kept },
      Key: { Type: 'AWS::KMS::Key', ...kept },
      LoadBalancer: {
        Type: 'AWS::ElasticLoadBalancingV2::LoadBalancer',
        Properties: {
          Name: 'agent',
          LoadBalancerAttributes: [
            { Key: 'deletion_protection.enabled', Value: 'true' },
            { Key: 'idle_timeout.timeout_seconds', Value: '4000' },
          ],
        },
      },
    },
    Outputs: { Url: { Value: 'http://agent' } },
  });

  expect(after).toMatchObject({
    Outputs: { Url: { Value: 'http://agent' } },
    Resources: {
      Cache: { DeletionPolicy: 'Delete', UpdateReplacePolicy: 'Delete' },
      Key: kept,
      LoadBalancer: {
        Properties: {
          Name: 'agent',
          LoadBalancerAttributes: [
            { Key: 'idle_timeout.timeout_seconds', Value: '4000' },
            { Key: 'deletion_protection.enabled', Value: 'false' },
          ],
        },
      },
    },
  });
});

test('something else changes with the policies, or CloudFormation would change nothing', () => {
  const after = unprotectedTemplate({ Resources: {} });

  expect(Object.keys((after as { Resources: object }).Resources)).toHaveLength(1);
});
