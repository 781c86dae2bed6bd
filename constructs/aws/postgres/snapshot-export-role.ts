import { Stack, Validations } from 'aws-cdk-lib/core';
import * as iam from 'aws-cdk-lib/aws-iam';
import type * as s3 from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';

/** Props of {@link SnapshotExportRole}. */
export interface SnapshotExportRoleProps {
  readonly bucket: s3.IBucket;
}

/** What RDS writes exported snapshots with: Amazon RDS user guide, "Setting up access to an Amazon S3 bucket". The prefix of an export has to be `snapshots`. */
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
    const objects = bucket.arnForObjects('snapshots/*');
    const policy = new iam.ManagedPolicy(this, 'Policy', {
      roles: [this.role],
      statements: [
        new iam.PolicyStatement({ actions: ['s3:GetBucketLocation', 's3:ListBucket'], resources: [bucket.bucketArn] }),
        new iam.PolicyStatement({
          actions: ['s3:DeleteObject', 's3:GetObject', 's3:PutObject'],
          resources: [objects],
        }),
      ],
    });
    Validations.of(policy).acknowledge({
      id: `AwsSolutions-IAM5[Resource::${asWritten(Stack.of(this).resolve(objects))}]`,
      reason: 'RDS names the objects of an export itself, below one prefix of the one bucket that is given to it',
    });
  }
}

/** An ARN as cdk-nag writes it in the id of a finding: `<Bucket.Arn>/snapshots/*`. */
function asWritten(value: unknown): string {
  if (typeof value !== 'object' || value === null) return String(value);
  const [name = '', inner]: readonly unknown[] = Object.entries(value)[0] ?? [];
  if (name === 'Ref') return `<${String(inner)}>`;
  if (!Array.isArray(inner)) return asWritten(inner);
  if (name === 'Fn::GetAtt') return `<${inner.join('.')}>`;
  const [delimiter, items]: readonly unknown[] = inner;
  return Array.isArray(items) ? items.map(asWritten).join(String(delimiter)) : '';
}
