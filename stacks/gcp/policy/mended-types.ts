/**
 * Resources that Google's provider keeps, and marks to be replaced, when their creation failed, and that an update puts right:
 * a service whose first revision did not come up gets another revision.
 */
export const mendedTypes: readonly string[] = [
  'google_cloud_run_v2_job',
  'google_cloud_run_v2_service',
  'google_cloud_run_v2_worker_pool',
];
