import type { LogSource } from './log-tools.js';

/** What containers print; the rest is what Cloud Run says of requests and instances. */
const printed = '(log_id("run.googleapis.com/stdout") OR log_id("run.googleapis.com/stderr"))';

/** Pure: what a source prints, in the query language of Cloud Logging. */
export function logFilter({ kind, name }: LogSource, region: string): string {
  return `${sources[kind](name)} AND resource.labels.location="${region}" AND ${printed}`;
}

/** Cloud Logging, "Monitored resource types". */
const sources: Readonly<Record<LogSource['kind'], (name: string) => string>> = {
  service: (name) => `resource.type="cloud_run_revision" AND resource.labels.service_name="${name}"`,
  revision: (name) => `resource.type="cloud_run_revision" AND resource.labels.revision_name="${name}"`,
  worker: (name) => `resource.type="cloud_run_worker_pool" AND resource.labels.worker_pool_name="${name}"`,
  job: (name) => `resource.type="cloud_run_job" AND resource.labels.job_name="${name}"`,
  execution: (name) => `resource.type="cloud_run_job" AND labels."run.googleapis.com/execution_name"="${name}"`,
};
