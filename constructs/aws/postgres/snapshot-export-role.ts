import { Stack, Validations } from 'aws-cdk-lib/core';
import * as iam from 'aws-cdk-lib/aws-iam';
import type * as s3 from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';

/** Props of {@link SnapshotExportRole}. */
export interface SnapshotExportRoleProps {
  readonly bucket: s3.IBucket;
}

/** What RDS writes exported snapshots with: Amazon RDS user guide, "Setting up access to an Amazon S3 bucket". */
export class SnapshotExportRole extends Construct {
  readonly role: iam.Role;

  constructor(scope: Construct, id: string, { bucket }: SnapshotExportRoleProps) {
    super(scope, id);
    this.role = new iam.Role(this, 'Role', {
      assumedBy: new iam.ServicePrincipal('export.rds.amazonaws.com', {
        conditions: { StringEquals: { 'aws:SourceAccount': Stack.of(this).account } },
      }),
      description: 'Writes exported snapshots of databases',
    });
    const policy = new iam.ManagedPolicy(this, 'Policy', {
      roles: [this.role],
      statements: [
        new iam.PolicyStatement({ actions: ['s3:GetBucketLocation', 's3:ListBucket'], resources: [bucket.bucketArn] }),
        new iam.PolicyStatement({
          actions: ['s3:DeleteObject', 's3:GetObject', 's3:PutObject'],
          resources: [bucket.arnForObjects('*')],
        }),
      ],
    });
    Validations.of(policy).acknowledge({
      id: 'AwsSolutions-IAM5',
      reason: 'RDS names the objects of an export itself, within the one bucket that is given to it',
    });
  }
}
