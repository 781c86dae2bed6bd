import { ArnFormat, Stack } from 'aws-cdk-lib/core';
import type * as backup from 'aws-cdk-lib/aws-backup';
import * as iam from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';

/** Props of {@link BackupRole}. */
export interface BackupRoleProps {
  readonly vault: backup.IBackupVault;
  readonly databaseArns: readonly string[];
  /** Vaults that get copies. */
  readonly copies: readonly backup.IBackupVault[];
}

/**
 * What AWS Backup acts as, for RDS instances: of AWSBackupServiceRolePolicyForBackup the part about RDS, for these
 * databases and the snapshots that AWS Backup makes (`awsbackup:job-` and a UUID).
 */
export class BackupRole extends Construct {
  readonly role: iam.Role;
  /** What uses the role is made after it. */
  readonly policy: iam.ManagedPolicy;

  constructor(scope: Construct, id: string, { vault, databaseArns, copies }: BackupRoleProps) {
    super(scope, id);
    const stack = Stack.of(this);
    this.role = new iam.Role(this, 'Role', {
      assumedBy: new iam.ServicePrincipal('backup.amazonaws.com', {
        conditions: { StringEquals: { 'aws:SourceAccount': stack.account } },
      }),
      description: 'Makes backups of databases',
    });
    const snapshots = stack.formatArn({
      service: 'rds',
      resource: 'snapshot',
      resourceName: `awsbackup:job-${[8, 4, 4, 4, 12].map((length) => '?'.repeat(length)).join('-')}`,
      arnFormat: ArnFormat.COLON_RESOURCE_NAME,
    });
    this.policy = new iam.ManagedPolicy(this, 'Policy', {
      roles: [this.role],
      statements: [
        new iam.PolicyStatement({
          actions: ['rds:CreateDBSnapshot', 'rds:DescribeDBInstances', 'rds:ListTagsForResource'],
          resources: [...databaseArns],
        }),
        new iam.PolicyStatement({
          actions: [
            'rds:AddTagsToResource',
            'rds:CopyDBSnapshot',
            'rds:CreateDBSnapshot',
            'rds:DeleteDBSnapshot',
            'rds:DescribeDBSnapshots',
            'rds:ListTagsForResource',
            'rds:ModifyDBSnapshotAttribute',
          ],
          resources: [snapshots],
        }),
        new iam.PolicyStatement({
          actions: ['backup:CopyIntoBackupVault', 'backup:DescribeBackupVault'],
          resources: [vault.backupVaultArn, ...copies.map(({ backupVaultArn }) => backupVaultArn)],
        }),
      ],
    });
  }
}
