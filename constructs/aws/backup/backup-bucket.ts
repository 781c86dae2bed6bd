import { Duration, RemovalPolicy } from 'aws-cdk-lib/core';
import * as iam from 'aws-cdk-lib/aws-iam';
import type * as kms from 'aws-cdk-lib/aws-kms';
import * as s3 from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';
import { constructError } from '../construct-error.js';
import { fixLogicalId } from '../fixed-logical-id.js';
import { applyTransform, type Transform } from '../transform.js';
import { dumpKey } from './dump-command.js';

/** Props of {@link BackupBucket}. */
export interface BackupBucketProps {
  readonly encryptionKey: kms.IKey;
  /**
   * How long a dump is kept, in whole days.
   *
   * @default 30 days
   */
  readonly retention?: Duration;
  /**
   * Where S3 writes who read what; not encrypted with a key of the customer, S3 cannot write to that.
   *
   * @default a bucket of its own
   */
  readonly accessLogsBucket?: s3.IBucket;
  /** @default CloudFormation makes one */
  readonly bucketName?: string;
  /** @default the id of the construct */
  readonly logicalId?: string;
  /** @default none */
  readonly transform?: Transform;
}

/** Dumps of databases: private, TLS only, encrypted, versioned, removed when they are old, kept when the stack goes. */
export class BackupBucket extends Construct {
  readonly bucket: s3.Bucket;
  readonly accessLogsBucket: s3.IBucket;
  private readonly encryptionKey: kms.IKey;

  constructor(scope: Construct, id: string, props: BackupBucketProps) {
    super(scope, id);
    const { retention = Duration.days(30) } = props;
    if (!Number.isInteger(retention.toDays({ integral: false })) || retention.toDays() < 1)
      throw constructError(this, `retention of ${retention.toHumanString()} is not a number of whole days`);
    this.encryptionKey = props.encryptionKey;
    this.accessLogsBucket = props.accessLogsBucket ?? this.ownAccessLogs();
    this.bucket = new s3.Bucket(this, 'Bucket', {
      ...(props.bucketName === undefined ? {} : { bucketName: props.bucketName }),
      ...closed,
      encryption: s3.BucketEncryption.KMS,
      encryptionKey: props.encryptionKey,
      bucketKeyEnabled: true,
      serverAccessLogsBucket: this.accessLogsBucket,
      serverAccessLogsPrefix: 'backups/',
      lifecycleRules: [
        {
          id: 'OldDumps',
          expiration: retention,
          // What was overwritten or deleted by mistake.
          noncurrentVersionExpiration: Duration.days(7),
          abortIncompleteMultipartUploadAfter: Duration.days(1),
        },
      ],
    });
    if (this.bucket.node.defaultChild instanceof s3.CfnBucket)
      fixLogicalId(this, this.bucket.node.defaultChild, props.logicalId);
    applyTransform(this, props.transform);
  }

  /** Lets a task write dumps of one database, and take back one that broke off; nothing else in the bucket. */
  grantDump(grantee: iam.IGrantable, database: string): void {
    iam.Grant.addToPrincipal({
      grantee,
      actions: ['s3:AbortMultipartUpload', 's3:DeleteObject', 's3:PutObject'],
      // As many characters as a time has, so that no other name fits.
      resourceArns: [this.bucket.arnForObjects(dumpKey(database, '????????T??????Z'))],
    });
    this.encryptionKey.grant(grantee, 'kms:Decrypt', 'kms:GenerateDataKey');
  }

  /** Lets a task read dumps of one database, to restore it. */
  grantRestore(grantee: iam.IGrantable, database: string): void {
    iam.Grant.addToPrincipal({
      grantee,
      actions: ['s3:GetObject'],
      resourceArns: [this.bucket.arnForObjects(dumpKey(database, '????????T??????Z'))],
    });
    this.encryptionKey.grant(grantee, 'kms:Decrypt');
  }

  private ownAccessLogs(): s3.Bucket {
    return new s3.Bucket(this, 'AccessLogs', {
      ...closed,
      encryption: s3.BucketEncryption.S3_MANAGED,
      lifecycleRules: [
        { id: 'OldLogs', expiration: Duration.days(365), noncurrentVersionExpiration: Duration.days(7) },
      ],
    });
  }
}

const closed = {
  blockPublicAccess: s3.BlockPublicAccess.BLOCK_ALL,
  objectOwnership: s3.ObjectOwnership.BUCKET_OWNER_ENFORCED,
  enforceSSL: true,
  minimumTLSVersion: 1.2,
  versioned: true,
  removalPolicy: RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE,
} satisfies s3.BucketProps;
