import type * as backup from 'aws-cdk-lib/aws-backup';
import * as events from 'aws-cdk-lib/aws-events';
import type * as sns from 'aws-cdk-lib/aws-sns';
import { Construct } from 'constructs';
import { applyTransform, type Transform } from '../transform.js';
import { eventField, toTopic } from './event-to-topic.js';

/** Props of {@link BackupEvents}. */
export interface BackupEventsProps {
  /** Has to let EventBridge in, as the one of `AlertTopic` does. */
  readonly topic: sns.ITopic;
  /** Whose jobs are told of. */
  readonly vault: backup.IBackupVault;
  /** Changes to the CloudFormation resources. @default - none */
  readonly transform?: Transform;
}

/** Tells of a backup that was not made ("Monitoring AWS Backup events using Amazon EventBridge"). */
export class BackupEvents extends Construct {
  readonly failedJobs: events.Rule;

  constructor(scope: Construct, id: string, { topic, vault, transform }: BackupEventsProps) {
    super(scope, id);
    this.failedJobs = new events.Rule(this, 'FailedJobs', {
      description: 'A backup was not made',
      eventPattern: {
        source: ['aws.backup'],
        detailType: ['Backup Job State Change'],
        // EXPIRED did not begin, or not end, within its window.
        detail: { backupVaultArn: [vault.backupVaultArn], state: ['FAILED', 'ABORTED', 'EXPIRED'] },
      },
      targets: [
        toTopic(
          topic,
          `The backup of ${eventField('detail.resourceArn')} is ${eventField('detail.state')}: look at the job in AWS Backup`,
        ),
      ],
    });
    applyTransform(this, transform);
  }
}
