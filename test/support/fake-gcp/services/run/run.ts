import type { FakeService } from '../../fake-service.js';
import { jobRoutes } from './job-routes.js';
import { serviceRoutes } from './service-routes.js';
import { workerPoolRoutes } from './worker-pool-routes.js';

/** The Cloud Run Admin API v1, as gcloud uses it; by v2 what changes worker pools, and starting a job, as Cloud Scheduler does. */
export const run: FakeService = {
  name: 'run',
  routes: (world) => [...serviceRoutes(world), ...jobRoutes(world), ...workerPoolRoutes(world)],
};
