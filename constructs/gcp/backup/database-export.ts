import { CloudSchedulerJob } from '@cdktf/provider-google/lib/cloud-scheduler-job/index.js';
import { ProjectIamCustomRole } from '@cdktf/provider-google/lib/project-iam-custom-role/index.js';
import { ProjectIamMember } from '@cdktf/provider-google/lib/project-iam-member/index.js';
import { Construct } from 'constructs';
import { assertProps } from '../../checks/assert-props.js';
import type { WorkloadIdentity } from '../identity/workload-identity.js';
import type { PostgresInstance } from '../postgres/postgres-instance.js';
import { applyTransform, type Transform } from '../transform.js';
import type { BackupBucket } from './backup-bucket.js';

/** Props of {@link DatabaseExport}. */
export interface DatabaseExportProps {
  readonly project: string;
  readonly region: string;
  /** Up to 500 letters, digits, hyphens and underscores. */
  readonly jobName: string;
  readonly database: PostgresInstance;
  readonly bucket: BackupBucket;
  /** Five fields, in UTC. */
  readonly cron: string;
  /** Whoever asks Cloud SQL for it: may export from this project's instances, and nothing else. */
  readonly identity: WorkloadIdentity;
  /** @default none */
  readonly transform?: Transform;
}

/**
 * A dump of the database at set times, made by Cloud SQL on a machine of its own. Its object has always the same name, as
 * Cloud Scheduler knows no dates; the bucket keeps the versions.
 */
export class DatabaseExport extends Construct {
  readonly schedule: CloudSchedulerJob;
  /** `gs://…`. */
  readonly object: string;

  constructor(scope: Construct, id: string, props: DatabaseExportProps) {
    super(scope, id);
    const { project, database, bucket, identity } = props;
    assertProps(this, [
      !/^[A-Za-z0-9_-]{1,500}$/.test(props.jobName) && `jobName "${props.jobName}" is not letters, digits, - and _`,
      props.cron.trim().split(/\s+/).length !== 5 && `cron "${props.cron}" does not have five fields`,
    ]);
    this.object = `gs://${bucket.bucketName}/dumps/${database.databaseName}.sql.gz`;
    const sqlMember = `serviceAccount:${database.instance.serviceAccountEmailAddress}`;
    const mayWrite = bucket.grantWrite(this, 'Write', sqlMember);
    const role = new ProjectIamCustomRole(this, 'Role', {
      roleId: `${props.jobName.replaceAll('-', '_')}_exporter`,
      title: `Export from Cloud SQL, for ${props.jobName}`,
      permissions: ['cloudsql.instances.export', 'cloudsql.instances.get'],
    });
    const mayExport = new ProjectIamMember(this, 'Export', { project, role: role.name, member: identity.member });
    this.schedule = new CloudSchedulerJob(this, 'Schedule', {
      name: props.jobName,
      region: props.region,
      schedule: props.cron,
      timeZone: 'Etc/UTC',
      attemptDeadline: '320s',
      retryConfig: { retryCount: 3 },
      httpTarget: {
        httpMethod: 'POST',
        uri: `https://sqladmin.googleapis.com/v1/projects/${project}/instances/${database.instance.name}/export`,
        headers: { 'Content-Type': 'application/json' },
        oauthToken: { serviceAccountEmail: identity.email },
        // `offload`: on a machine beside, so that the database does not feel it.
        body: btoa(
          JSON.stringify({
            exportContext: { fileType: 'SQL', uri: this.object, databases: [database.databaseName], offload: true },
          }),
        ),
      },
      dependsOn: [mayWrite, mayExport],
    });
    applyTransform(this, props.transform);
  }
}
