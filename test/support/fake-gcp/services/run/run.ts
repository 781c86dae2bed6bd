import type { FakeService } from '../../fake-service.js';
import { jobRoutes } from './job-routes.js';
import { serviceRoutes } from './service-routes.js';

/** The Cloud Run Admin API v1, as gcloud uses it, and starting a job by v2, as Cloud Scheduler does. */
export const run: FakeService = {
  name: 'run',
  routes: (world) => [...serviceRoutes(world), ...jobRoutes(world)],
};
