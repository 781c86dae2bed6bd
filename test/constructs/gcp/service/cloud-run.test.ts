import { describe, expect, test } from 'vitest';
import {
  CloudRunJob,
  CloudRunWebService,
  type CloudRunWebServiceProps,
  CloudRunWorker,
  type PoolerProps,
  ScheduledJob,
  WorkloadIdentity,
} from '../../../../constructs/gcp/index.js';
import {
  digest,
  identityOf,
  project,
  plainSurroundings,
  synthesizedTerraform,
} from '../../../support/synthesized-terraform.js';

const pooler: PoolerProps = {
  host: '10.20.0.3',
  port: 5432,
  username: 'agent',
  databaseName: 'app',
  password: { secret: 'support-postgres', version: '4' },
  serverConnections: 10,
};

const service = (props: Partial<CloudRunWebServiceProps> = {}) =>
  synthesizedTerraform(
    (stack) =>
      void new CloudRunWebService(stack, 'Api', {
        ...plainSurroundings(stack),
        identity: identityOf(stack),
        serviceName: 'support-api',
        image: digest,
        port: 8000,
        reachedFrom: 'load-balancer',
        environment: { LEVEL: 'info', TOKEN: { secret: 'support-token', version: '7' } },
        ...props,
      }),
  );

describe('a service', () => {
  const made = service({ revisionSuffix: 'r7-1a2b3c', readinessPath: '/health', liveness: { path: '/livez' } });
  const run = made.only('google_cloud_run_v2_service');

  test('is reached through the load balancer only, without a binding for everybody', () => {
    expect(run).toMatchObject({ ingress: 'INGRESS_TRAFFIC_INTERNAL_LOAD_BALANCER', invoker_iam_disabled: true });
    expect(made.text).not.toContain('allUsers');
  });

  test('runs as itself, by digest, in the VPC, with a secret by version', () => {
    expect(run).toMatchObject({
      template: {
        revision: 'support-api-r7-1a2b3c',
        vpc_access: { egress: 'PRIVATE_RANGES_ONLY' },
        containers: [
          {
            image: digest,
            ports: { container_port: 8000 },
            env: [
              { name: 'LEVEL', value: 'info' },
              { name: 'TOKEN', value_source: { secret_key_ref: { secret: 'support-token', version: '7' } } },
            ],
          },
        ],
      },
    });
  });

  test('may read that secret and no other, and waits until it may', () => {
    expect(made.only('google_secret_manager_secret_iam_member')).toMatchObject({
      secret_id: 'support-token',
      role: 'roles/secretmanager.secretAccessor',
    });
    expect(run['depends_on']).toEqual([expect.stringMatching(/^google_secret_manager_secret_iam_member\./)]);
  });

  test('has 120 s to start, and is asked how it is', () => {
    expect(run).toMatchObject({
      template: {
        containers: [
          {
            startup_probe: { http_get: { path: '/health', port: 8000 }, period_seconds: 5, failure_threshold: 24 },
            liveness_probe: { http_get: { path: '/livez', port: 8000 }, period_seconds: 10, timeout_seconds: 5 },
          },
        ],
      },
    });
  });

  test('which revision serves is not Terraform’s to say after the first; which image, is', () => {
    expect(run).toMatchObject({ lifecycle: { ignore_changes: ['traffic', 'client', 'client_version'] } });
  });
});

test('a pooler stands beside the container, starts first and has no port', () => {
  const made = service({ pooler });
  const { containers } = made.only('google_cloud_run_v2_service')['template'] as {
    containers: readonly Record<string, unknown>[];
  };

  expect(containers.map(({ name, ports, depends_on }) => ({ name, ports, depends_on }))).toEqual([
    { name: 'app', ports: { container_port: 8000 }, depends_on: ['pooler'] },
    { name: 'pooler', ports: undefined, depends_on: undefined },
  ]);
  expect(containers[1]).toMatchObject({ startup_probe: { tcp_socket: { port: 5432 } } });
  expect(JSON.stringify(containers[1])).toContain('host=10.20.0.3 port=5432');
  // Nothing in the script that Terraform would take for a template.
  expect(JSON.stringify(containers[1])).not.toMatch(/(?<!\$)\$\{|(?<!%)%\{/);
  expect(made.all('google_secret_manager_secret_iam_member').map(({ secret_id }) => secret_id)).toEqual([
    'support-postgres',
    'support-token',
  ]);
});

// Each of these is planned by terraform-provider-google 6.50 without a word.
test.each<[Partial<CloudRunWebServiceProps>, string]>([
  [
    { serviceName: 'a'.repeat(50) },
    `serviceName "${'a'.repeat(50)}" is not 1 to 49 lower-case letters, digits and hyphens`,
  ],
  [{ serviceName: 'Support' }, 'serviceName "Support" is not 1 to 49 lower-case letters, digits and hyphens'],
  [{ revisionSuffix: 'R7' }, 'revisionSuffix "R7" does not make a name of up to 63'],
  [{ image: 'nginx:latest' }, 'image "nginx:latest" has no digest'],
  [{ environment: { PORT: '80' } }, 'environment has PORT, which Cloud Run sets itself'],
  [{ environment: { K_SERVICE: 'x' } }, 'environment has K_SERVICE, which Cloud Run sets itself'],
  [
    { environment: { A: { secret: 's', version: 'latest' } } },
    'environment has A from version "latest" of a secret, not from a number',
  ],
  [{ cpu: 0.5 }, 'cpu 0.5 is not 1, 2, 4, 6 or 8'],
  [{ cpu: 8, memoryMiB: 512 }, 'memoryMiB 512 is not 4096 to 32768, as 8 vCPU have it'],
  [{ labels: { 'run.googleapis.com/x': 'y' } }, 'label "run.googleapis.com/x" is one of Cloud Run\'s own'],
  [{ labels: { Team: 'A' } }, 'label "Team" is not lower-case letters, digits, - and _'],
  [{ startupTimeoutSeconds: 300 }, 'startupTimeoutSeconds is 300, not 1 to 240'],
  [{ requestTimeoutSeconds: 7200 }, 'requestTimeoutSeconds is 7200, not 1 to 3600'],
  [{ minInstances: 3, maxInstances: 2 }, 'maxInstances is 2, fewer than minInstances or 1'],
  [{ concurrency: 0 }, 'concurrency is 0, not 1 to 1000'],
  [
    { liveness: { path: '/x', periodSeconds: 5, timeoutSeconds: 9 } },
    'liveness.timeoutSeconds 9 is longer than the 5 s between two checks',
  ],
  [{ liveness: { path: 'x' } }, 'the path of a check does not begin with /'],
  [{ pooler: { ...pooler, serverConnections: 0 } }, 'pooler.serverConnections 0 is not a whole number from 1'],
])('%j is refused, by the path of the construct', (props, message) => {
  expect(() => service(props)).toThrow(`Test/Api: ${message}`);
});

test('a worker is a worker pool, which asks for no port', () => {
  const made = synthesizedTerraform(
    (stack) =>
      void new CloudRunWorker(stack, 'Worker', {
        ...plainSurroundings(stack),
        identity: identityOf(stack),
        workerName: 'support-worker',
        image: digest,
        command: ['celery', 'worker'],
        instances: 2,
      }),
  );

  expect(made.only('google_cloud_run_v2_worker_pool')).toMatchObject({
    launch_stage: 'BETA',
    scaling: { scaling_mode: 'MANUAL', manual_instance_count: 2 },
    template: { containers: [{ image: digest, args: ['celery', 'worker'] }] },
  });
});

test('a job runs once: a migration that failed is not tried again by itself', () => {
  const made = synthesizedTerraform(
    (stack) =>
      void new CloudRunJob(stack, 'Job', {
        ...plainSurroundings(stack),
        identity: identityOf(stack),
        jobName: 'support-migrate',
        image: digest,
        timeoutSeconds: 600,
      }),
  );

  expect(made.only('google_cloud_run_v2_job')).toMatchObject({
    template: { task_count: 1, parallelism: 1, template: { max_retries: 0, timeout: '600s' } },
  });
  // Its digest is Terraform’s alone.
  expect(made.only('google_cloud_run_v2_job')).toMatchObject({
    lifecycle: { ignore_changes: ['client', 'client_version'] },
  });
});

test('a schedule may start its job and no other', () => {
  const made = synthesizedTerraform((stack) => {
    const scheduler = new WorkloadIdentity(stack, 'Scheduler', { project, accountId: 'support-scheduler' });
    new ScheduledJob(stack, 'Nightly', {
      ...plainSurroundings(stack),
      identity: identityOf(stack),
      jobName: 'support-nightly',
      image: digest,
      cron: '0 3 * * *',
      scheduler,
    });
  });

  expect(made.only('google_cloud_scheduler_job')).toMatchObject({
    schedule: '0 3 * * *',
    time_zone: 'Etc/UTC',
    http_target: {
      uri: 'https://run.googleapis.com/v2/projects/my-project/locations/us-central1/jobs/support-nightly:run',
      oauth_token: { service_account_email: expect.stringContaining('google_service_account.') },
    },
  });
  expect(made.only('google_cloud_run_v2_job_iam_member')).toMatchObject({ role: 'roles/run.invoker' });
});
