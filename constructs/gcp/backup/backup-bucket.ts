import { StorageBucket } from '@cdktf/provider-google/lib/storage-bucket/index.js';
import { StorageBucketIamMember } from '@cdktf/provider-google/lib/storage-bucket-iam-member/index.js';
import type { ITerraformDependable } from 'cdktf';
import { Construct } from 'constructs';
import { assertProps } from '../../checks/assert-props.js';
import { isWholeNumber } from '../../checks/whole-number.js';
import { fixLogicalId } from '../fixed-logical-id.js';
import { applyTransform, type Transform } from '../transform.js';

/** Props of {@link BackupBucket}. */
export interface BackupBucketProps {
  /** 3 to 63 lower-case letters, digits and hyphens, unique in the world. */
  readonly bucketName: string;
  readonly region: string;
  /** How long a version that was replaced is kept. @default 30 */
  readonly retentionDays?: number;
  /** Where Cloud Storage writes who read what. @default a bucket of its own */
  readonly accessLogsBucketName?: string;
  /** A key of the customer. @default a key of Google's */
  readonly kmsKeyName?: string;
  /** Terraform refuses to destroy it; without, it goes with everything that is in it. @default true */
  readonly deletionProtection?: boolean;
  /** @default the id of the construct */
  readonly logicalId?: string;
  /** What has to be there first. @default none */
  readonly dependsOn?: readonly ITerraformDependable[];
  /** @default none */
  readonly transform?: Transform;
}

/** Dumps and snapshots: private, versioned, removed when they are old. */
export class BackupBucket extends Construct {
  readonly bucket: StorageBucket;
  /** Known at synthesis. */
  readonly bucketName: string;
  readonly accessLogsBucketName: string;

  constructor(scope: Construct, id: string, props: BackupBucketProps) {
    super(scope, id);
    const { bucketName, region, retentionDays = 30, deletionProtection = true } = props;
    assertProps(this, [
      !/^[a-z0-9][a-z0-9-]{1,56}[a-z0-9]$/.test(bucketName) &&
        `bucketName "${bucketName}" is not 3 to 58 lower-case letters, digits and hyphens`,
      !isWholeNumber(retentionDays, 1, 36_500) && `retentionDays is ${retentionDays}, not a whole number from 1`,
    ]);
    const closed = {
      location: region,
      uniformBucketLevelAccess: true,
      publicAccessPrevention: 'enforced',
      forceDestroy: !deletionProtection,
      versioning: { enabled: true },
      softDeletePolicy: { retentionDurationSeconds: 604_800 },
      ...(props.kmsKeyName === undefined ? {} : { encryption: { defaultKmsKeyName: props.kmsKeyName } }),
      ...(props.dependsOn === undefined ? {} : { dependsOn: [...props.dependsOn] }),
      lifecycle: { preventDestroy: deletionProtection },
    };
    this.bucketName = bucketName;
    this.accessLogsBucketName = props.accessLogsBucketName ?? this.accessLogs(`${bucketName}-logs`, closed);
    this.bucket = new StorageBucket(this, 'Bucket', {
      ...closed,
      name: bucketName,
      logging: { logBucket: this.accessLogsBucketName, logObjectPrefix: 'backups' },
      lifecycleRule: [
        { action: { type: 'Delete' }, condition: { daysSinceNoncurrentTime: retentionDays, withState: 'ARCHIVED' } },
        { action: { type: 'AbortIncompleteMultipartUpload' }, condition: { age: 1 } },
      ],
    });
    fixLogicalId(this, this.bucket, props.logicalId);
    applyTransform(this, props.transform);
  }

  /** Lets a service account write, read and replace objects. */
  grantWrite(scope: Construct, id: string, member: string): StorageBucketIamMember {
    return new StorageBucketIamMember(scope, id, {
      bucket: this.bucket.name,
      role: 'roles/storage.objectUser',
      member,
    });
  }

  private accessLogs(name: string, closed: { readonly location: string }): string {
    const old = { action: { type: 'Delete' }, condition: { age: 365 } };
    const bucket = new StorageBucket(this, 'AccessLogs', { ...closed, name, lifecycleRule: [old] });
    new StorageBucketIamMember(this, 'AccessLogsWriter', {
      bucket: bucket.name,
      role: 'roles/storage.objectCreator',
      // Cloud Storage, "Usage logs and storage logs": the group that writes them.
      member: 'group:cloud-storage-analytics@google.com',
    });
    return bucket.name;
  }
}
