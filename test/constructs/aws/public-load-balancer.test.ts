import * as route53 from 'aws-cdk-lib/aws-route53';
import * as ecs from 'aws-cdk-lib/aws-ecs';
import { expect, test } from 'vitest';
import { FargateWebService } from '../../../constructs/aws/service/fargate-web-service.js';
import { scaleOnConnections } from '../../../constructs/aws/service/scaling/scale-on-connections.js';
import { scaleOnRequests } from '../../../constructs/aws/service/scaling/scale-on-requests.js';
import { AgentCluster } from '../../../constructs/aws/cluster/agent-cluster.js';
import { PublicLoadBalancer } from '../../../constructs/aws/load-balancer/public-load-balancer.js';
import { synthesized, testVpc, testImage } from './synthesized.js';
void ecs;
test('probe', () => {
  const s = synthesized((stack) => {
    const vpc = testVpc(stack);
    const lb = new PublicLoadBalancer(stack, 'Lb', {
      vpc,
      hostName: 'agent.example.com',
      hostedZone: route53.HostedZone.fromHostedZoneId(stack, 'Zone', 'Z123'),
    });
    const { cluster, namespace } = new AgentCluster(stack, 'Cluster', { vpc, namespaceName: 'agent.internal' });
    for (const kind of ['rolling', 'canary'] as const)
      new FargateWebService(stack, 'Api' + kind, {
        cluster,
        serviceName: 'api' + kind,
        image: testImage(stack),
        port: 8000,
        ingress: { loadBalancer: lb, routes: [{ path: '/' + kind, priority: kind.length }] },
        discovery: { namespace: namespace!, name: 'api' + kind },
        readiness: { path: '/health' },
        minTasks: 2,
        maxTasks: 10,
        scaling: [scaleOnRequests(), scaleOnConnections({ connectionsPerTask: 200 })],
        rollout: { kind },
      });
  });
  console.log(JSON.stringify(s, null, 1));
  console.log(s.findings);
  expect(1).toBe(1);
});
