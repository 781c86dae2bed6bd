import { Aws, Duration, Fn, Names, RemovalPolicy } from 'aws-cdk-lib/core';
import * as backup from 'aws-cdk-lib/aws-backup';
import * as events from 'aws-cdk-lib/aws-events';
import type * as kms from 'aws-cdk-lib/aws-kms';
import type * as rds from 'aws-cdk-lib/aws-rds';
import { Construct } from 'constructs';
import { constructError } from '../construct-error.js';
import { fixLogicalId } from '../fixed-logical-id.js';
import { applyTransform, type Transform } from '../transform.js';
import { BackupRole } from './backup-role.js';

/** Props of {@link BackupPlan}. */
export interface BackupPlanProps {
  readonly encryptionKey: kms.IKey;
  /** RDS instances to back up; at least one. */
  readonly databases: readonly rds.IDatabaseInstance[];
  /**
   * How long a daily backup is kept, in whole days.
   *
   * @default 35 days
   */
  readonly dailyRetention?: Duration;
  /**
   * How long a monthly backup is kept, in whole days; it goes to cold storage where AWS has one for it.
   *
   * @default 365 days
   */
  readonly monthlyRetention?: Duration;
  /**
   * A vault in another region or account that gets a copy of each backup.
   *
   * @default none
   */
  readonly copyTo?: backup.IBackupVault;
  /** @default the id of the construct, for the vault */
  readonly logicalId?: string;
  /** @default none */
  readonly transform?: Transform;
}

/** Daily and monthly backups by AWS Backup, in a vault of their own: they outlive the database and its stack. */
export class BackupPlan extends Construct {
  readonly vault: backup.BackupVault;
  readonly plan: backup.BackupPlan;
  readonly role: BackupRole;

  constructor(scope: Construct, id: string, props: BackupPlanProps) {
    super(scope, id);
    const { dailyRetention = Duration.days(35), monthlyRetention = Duration.days(365), databases } = props;
    if (databases.length === 0) throw constructError(this, 'databases is empty');
    this.vault = new backup.BackupVault(this, 'Vault', {
      backupVaultName: vaultName(this),
      encryptionKey: props.encryptionKey,
      removalPolicy: RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE,
    });
    if (this.vault.node.defaultChild instanceof backup.CfnBackupVault)
      fixLogicalId(this, this.vault.node.defaultChild, props.logicalId);
    const copies = props.copyTo === undefined ? [] : [props.copyTo];
    const rule = (ruleName: string, schedule: events.CronOptions, deleteAfter: Duration): backup.BackupPlanRule =>
      new backup.BackupPlanRule({
        ruleName,
        backupVault: this.vault,
        scheduleExpression: events.Schedule.cron(schedule),
        startWindow: Duration.hours(1),
        completionWindow: Duration.hours(8),
        deleteAfter,
        copyActions: copies.map((destinationBackupVault) => ({ destinationBackupVault, deleteAfter })),
      });
    this.plan = new backup.BackupPlan(this, 'Plan', {
      backupPlanRules: [
        rule('daily', { hour: '5', minute: '0' }, dailyRetention),
        rule('monthly', { day: '1', hour: '6', minute: '0' }, monthlyRetention),
      ],
    });
    const databaseArns = databases.map(({ instanceArn }) => instanceArn);
    this.role = new BackupRole(this, 'Role', { vault: this.vault, databaseArns, copies });
    const selection = this.plan.addSelection('Databases', {
      resources: databaseArns.map((arn) => backup.BackupResource.fromArn(arn)),
      role: this.role.role,
      disableDefaultBackupPolicy: true,
    });
    selection.node.addDependency(this.role.policy);
    applyTransform(this, props.transform);
  }
}

/** AWS Backup API reference, CreateBackupVault: letters, digits, `-`, `_`; of which nine tell stacks apart. */
const longestVaultName = 50;

/**
 * A vault stays when its stack goes, and a stack of the same name that comes later needs a vault of its own: the id of a
 * stack ends with a UUID that no other has.
 */
function vaultName(scope: Construct): string {
  const name = Names.uniqueResourceName(scope, { maxLength: longestVaultName - 9, separator: '-' });
  const uuid = Fn.select(2, Fn.split('/', Aws.STACK_ID));
  return Fn.join('-', [name, Fn.select(0, Fn.split('-', uuid))]);
}
