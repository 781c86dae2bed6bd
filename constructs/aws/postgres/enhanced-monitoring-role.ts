import { ArnFormat, Stack } from 'aws-cdk-lib/core';
import * as iam from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';

/**
 * What RDS writes metrics of the operating system with. AWS’s policy for it (AmazonRDSEnhancedMonitoringRole) is for every
 * log group that begins with RDS, in every account; this one is for the log group and the streams that it writes: one per
 * instance, named by its resource id (`db-` and 26 characters).
 */
export class EnhancedMonitoringRole extends Construct {
  readonly role: iam.Role;
  /** What uses the role is made after it: RDS looks at what the role may do. */
  readonly policy: iam.ManagedPolicy;

  constructor(scope: Construct, id: string) {
    super(scope, id);
    this.role = new iam.Role(this, 'Role', {
      assumedBy: new iam.ServicePrincipal('monitoring.rds.amazonaws.com', {
        conditions: { StringEquals: { 'aws:SourceAccount': Stack.of(this).account } },
      }),
      description: 'Writes enhanced monitoring of databases',
    });
    const logGroup = (...path: readonly string[]): string =>
      Stack.of(this).formatArn({
        service: 'logs',
        resource: 'log-group',
        resourceName: ['RDSOSMetrics', ...path].join(':'),
        arnFormat: ArnFormat.COLON_RESOURCE_NAME,
      });
    this.policy = new iam.ManagedPolicy(this, 'Policy', {
      roles: [this.role],
      statements: [
        new iam.PolicyStatement({
          actions: ['logs:CreateLogGroup', 'logs:PutRetentionPolicy'],
          resources: [logGroup()],
        }),
        new iam.PolicyStatement({
          actions: ['logs:CreateLogStream', 'logs:DescribeLogStreams', 'logs:GetLogEvents', 'logs:PutLogEvents'],
          resources: [logGroup('log-stream', `db-${'?'.repeat(26)}`)],
        }),
      ],
    });
  }
}
