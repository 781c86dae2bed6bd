import type { FakeService, GoogleCall } from '../../fake-service.js';
import type { FakeWorld } from '../../fake-world.js';
import { GoogleError, notFound } from '../../google-error.js';
import { runJob } from '../run/job.js';
import { runState } from '../run/run-state.js';
import { resourceStore } from '../terraform/resource-store.js';
import { type Attributes, block } from '../terraform/resource-type.js';

const one = '/v1/projects/{project}/locations/{location}/jobs/{name}';

/** Cloud Scheduler v1: its jobs are made by Terraform, and run when somebody says so, never by the clock. */
export const cloudscheduler: FakeService = {
  name: 'cloudscheduler',
  routes: (world) => {
    const known = world.state(resourceStore).of('google_cloud_scheduler_job');
    const named = ({ path }: GoogleCall): Attributes => {
      const found = [...known.values()].find(({ name }) => name === path['name']);
      if (found === undefined) throw notFound('Job not found.');
      return found;
    };
    return [
      {
        method: 'GET',
        path: '/v1/projects/{project}/locations/{location}/jobs',
        name: 'projects.locations.jobs.list',
        handle: () => ({ jobs: [...known.values()].map((job) => view(world, job)) }),
      },
      { method: 'GET', path: one, name: 'projects.locations.jobs.get', handle: (call) => view(world, named(call)) },
      {
        method: 'POST',
        path: `${one}:run`,
        name: 'projects.locations.jobs.run',
        handle: (call) => {
          const schedule = named(call);
          const uri = String(block(schedule['http_target'])?.['uri'] ?? '');
          const [, name = ''] = /\/jobs\/([^/:]+):run$/.exec(uri) ?? [];
          const job = world.state(runState).jobs.get(name);
          if (job === undefined) throw new GoogleError('FAILED_PRECONDITION', `the fake cannot reach ${uri}`);
          runJob(world, job);
          return view(world, schedule);
        },
      },
    ];
  },
};

function view({ project, region }: FakeWorld, job: Attributes): unknown {
  const target = block(job['http_target']);
  return {
    name: `projects/${project}/locations/${region}/jobs/${String(job['name'])}`,
    schedule: job['schedule'],
    timeZone: job['time_zone'],
    state: job['paused'] === true ? 'PAUSED' : 'ENABLED',
    httpTarget: { uri: target?.['uri'], httpMethod: target?.['http_method'] },
  };
}
