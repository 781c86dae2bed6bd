import type * as elbv2 from 'aws-cdk-lib/aws-elasticloadbalancingv2';
import * as iam from 'aws-cdk-lib/aws-iam';
import type * as s3 from 'aws-cdk-lib/aws-s3';
import { Stack } from 'aws-cdk-lib/core';

/** Logs of a load balancer, and where in the bucket each goes. */
const logs = { access_logs: 'access', connection_logs: 'connections' } as const;

/**
 * Writes access and connection logs to a bucket. The methods of the L2 need to know the region when the template is made, to
 * name an account of AWS; the service principal is right in every region ("Enable access logs for your Application Load
 * Balancer", step 2).
 */
export function deliverLogs(loadBalancer: elbv2.ApplicationLoadBalancer, bucket: s3.Bucket): void {
  const { account } = Stack.of(loadBalancer);
  for (const [attribute, prefix] of Object.entries(logs)) {
    loadBalancer.setAttribute(`${attribute}.s3.enabled`, 'true');
    loadBalancer.setAttribute(`${attribute}.s3.bucket`, bucket.bucketName);
    loadBalancer.setAttribute(`${attribute}.s3.prefix`, prefix);
  }
  bucket.addToResourcePolicy(
    new iam.PolicyStatement({
      sid: 'LoadBalancerLogs',
      principals: [new iam.ServicePrincipal('logdelivery.elasticloadbalancing.amazonaws.com')],
      actions: ['s3:PutObject'],
      resources: Object.values(logs).map((prefix) => bucket.arnForObjects(`${prefix}/AWSLogs/${account}/*`)),
    }),
  );
  // The load balancer tries to write when it is told to.
  if (bucket.policy !== undefined) loadBalancer.node.addDependency(bucket.policy);
}
