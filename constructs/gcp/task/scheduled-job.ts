import { CloudRunV2JobIamMember } from '@cdktf/provider-google/lib/cloud-run-v2-job-iam-member/index.js';
import { CloudSchedulerJob } from '@cdktf/provider-google/lib/cloud-scheduler-job/index.js';
import { Construct } from 'constructs';
import { assertProps } from '../../checks/assert-props.js';
import { isWholeNumber } from '../../checks/whole-number.js';
import type { WorkloadIdentity } from '../identity/workload-identity.js';
import { applyTransform } from '../transform.js';
import { CloudRunJob, type CloudRunJobProps } from './cloud-run-job.js';

/** Props of {@link ScheduledJob}. */
export interface ScheduledJobProps extends CloudRunJobProps {
  readonly project: string;
  /** Five fields, in UTC: minute hour day-of-month month day-of-week. */
  readonly cron: string;
  /** Whoever starts it: may run this job and no other. */
  readonly scheduler: WorkloadIdentity;
  /** Attempts to start a run, after the first, 0 to 5. @default 3 */
  readonly startRetries?: number;
}

/** A job that Cloud Scheduler runs at set times. */
export class ScheduledJob extends Construct {
  readonly job: CloudRunJob;
  readonly schedule: CloudSchedulerJob;

  constructor(scope: Construct, id: string, props: ScheduledJobProps) {
    super(scope, id);
    const { project, region, jobName, cron, scheduler, startRetries = 3 } = props;
    const { transform, ...job } = props;
    assertProps(this, [
      cron.trim().split(/\s+/).length !== 5 && `cron "${cron}" does not have five fields`,
      !isWholeNumber(startRetries, 0, 5) && `startRetries is ${startRetries}, not a whole number from 0 to 5`,
    ]);
    this.job = new CloudRunJob(this, 'Run', job);
    const role = 'roles/run.invoker';
    const invoker = new CloudRunV2JobIamMember(this, 'Invoker', {
      name: this.job.job.name,
      location: region,
      role,
      member: scheduler.member,
    });
    this.schedule = new CloudSchedulerJob(this, 'Schedule', {
      name: jobName,
      region,
      schedule: cron,
      timeZone: 'Etc/UTC',
      attemptDeadline: '180s',
      retryConfig: { retryCount: startRetries },
      httpTarget: {
        httpMethod: 'POST',
        uri: `https://run.googleapis.com/v2/projects/${project}/locations/${region}/jobs/${jobName}:run`,
        oauthToken: { serviceAccountEmail: scheduler.email },
      },
      dependsOn: [invoker],
    });
    applyTransform(this, transform);
  }
}
