import { ScheduledJob, WorkloadIdentity } from '../../../constructs/gcp/index.js';
import { workloadsOf } from '../../spec/index.js';
import { accountId, pascalCase, workloadName } from '../naming.js';
import { scheduleJobOutput } from '../outputs.js';
import { workloadContainer } from '../workloads/workload-container.js';
import type { ServiceParts } from './services.js';

/** Every schedule of the spec, with its outputs. */
export function stageSchedules(parts: ServiceParts): void {
  const { stack, context } = parts;
  const { spec, scope, gcp } = context;
  if (Object.keys(spec.schedules).length === 0) return;
  const { project } = gcp;
  const scheduler = new WorkloadIdentity(stack, 'Scheduler', { project, accountId: accountId(scope, 'scheduler') });
  for (const workload of workloadsOf(spec)) {
    const schedule = workload.kind === 'schedule' ? spec.schedules[workload.name] : undefined;
    if (schedule === undefined) continue;
    const { job } = new ScheduledJob(stack, `Schedule${pascalCase(workload.name)}`, {
      ...workloadContainer(parts, workload),
      project,
      jobName: workloadName(scope, workload.name),
      cron: schedule.cron,
      timeoutSeconds: schedule.timeout.seconds,
      scheduler,
    });
    stack.output(scheduleJobOutput(workload.name), job.jobName);
  }
}
