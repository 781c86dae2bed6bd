/** What containers print; the rest is what Cloud Run says of requests and instances. */
const printed = '(log_id("run.googleapis.com/stdout") OR log_id("run.googleapis.com/stderr"))';

/** Pure: what the instances of a service print. */
export function serviceFilter(service: string, region: string): string {
  return `resource.type="cloud_run_revision" AND resource.labels.service_name="${service}" AND resource.labels.location="${region}" AND ${printed}`;
}

/** Pure: what the instances of a worker pool print. */
export function workerFilter(worker: string, region: string): string {
  return `resource.type="cloud_run_worker_pool" AND resource.labels.worker_pool_name="${worker}" AND resource.labels.location="${region}" AND ${printed}`;
}

/** Pure: what the runs of a job print. */
export function jobFilter(job: string, region: string): string {
  return `resource.type="cloud_run_job" AND resource.labels.job_name="${job}" AND resource.labels.location="${region}" AND ${printed}`;
}

/** Pure: what one run of a job prints. */
export function executionFilter(execution: string, region: string): string {
  return `resource.type="cloud_run_job" AND resource.labels.location="${region}" AND labels."run.googleapis.com/execution_name"="${execution}" AND ${printed}`;
}

/** Pure: what the instances of one revision print. */
export function revisionFilter(revision: string, region: string): string {
  return `resource.type="cloud_run_revision" AND resource.labels.revision_name="${revision}" AND resource.labels.location="${region}" AND ${printed}`;
}
