import { expect, test } from 'vitest';
import { AgentCluster, type AgentClusterProps } from '../../../../constructs/aws/index.js';
import { synthesizedStack } from '../../../support/synthesized-stack.js';
import { taskVpc } from '../../../support/task-surroundings.js';

const cluster = (props: Partial<AgentClusterProps> = {}) =>
  synthesizedStack((stack) => void new AgentCluster(stack, 'Cluster', { vpc: taskVpc(stack), ...props }));

test('measures each task, and has Fargate and Fargate Spot (AwsSolutions-ECS4, CKV_AWS_65)', () => {
  const made = cluster();
  expect(made.only('AWS::ECS::Cluster')).toMatchObject({
    ClusterSettings: [{ Name: 'containerInsights', Value: 'enhanced' }],
  });
  expect(made.only('AWS::ECS::ClusterCapacityProviderAssociations')).toMatchObject({
    CapacityProviders: ['FARGATE', 'FARGATE_SPOT'],
  });
  expect(made.all('AWS::ServiceDiscovery::PrivateDnsNamespace')).toEqual([]);
  expect(made.findings).toEqual([]);
});

test('has a private zone when it is given a name', () => {
  expect(cluster({ namespaceName: 'agent.internal' }).only('AWS::ServiceDiscovery::PrivateDnsNamespace')).toMatchObject(
    {
      Name: 'agent.internal',
      Vpc: 'vpc-1234567890abcdef0',
    },
  );
});

test('a zone without a dot is refused, by the path of the construct', () => {
  expect(() => cluster({ namespaceName: 'agent' })).toThrow('Test/Cluster: namespaceName is "agent"');
});
