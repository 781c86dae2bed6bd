import * as s3 from 'aws-cdk-lib/aws-s3';
import { Duration, RemovalPolicy } from 'aws-cdk-lib/core';
import type { Construct } from 'constructs';

/**
 * A bucket for the logs of a load balancer, that logs itself as well. Encrypted with a key of S3, as load balancers cannot
 * write to a bucket with a customer key ("Enable access logs for your Application Load Balancer").
 */
export function accessLogsBucket(scope: Construct, days = 365): s3.Bucket {
  return new s3.Bucket(scope, 'Logs', {
    encryption: s3.BucketEncryption.S3_MANAGED,
    enforceSSL: true,
    minimumTLSVersion: 1.2,
    blockPublicAccess: s3.BlockPublicAccess.BLOCK_ALL,
    versioned: true,
    serverAccessLogsPrefix: 'bucket/',
    lifecycleRules: [
      {
        expiration: Duration.days(days),
        noncurrentVersionExpiration: Duration.days(30),
        abortIncompleteMultipartUploadAfter: Duration.days(7),
      },
    ],
    removalPolicy: RemovalPolicy.RETAIN,
  });
}
