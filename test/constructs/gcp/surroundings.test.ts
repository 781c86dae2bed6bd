import { SqlDatabaseInstance } from '@cdktf/provider-google/lib/sql-database-instance/index.js';
import { describe, expect, test } from 'vitest';
import {
  AgentDashboard,
  CacheAlerts,
  DatabaseAlerts,
  DatabaseExport,
  ephemeralValue,
  GithubDeployIdentity,
  type GithubDeployIdentityProps,
  PostgresInstance,
  ProjectServices,
  SearchAlerts,
  ServiceAlerts,
  UptimeCheck,
  WorkloadIdentity,
} from '../../../constructs/gcp/index.js';
import {
  bucketOf,
  identityOf,
  project,
  region,
  surroundings,
  synthesizedTerraform,
} from '../../support/synthesized-terraform.js';

test('APIs stay on when the stack goes', () => {
  const made = synthesizedTerraform((stack) => void new ProjectServices(stack, 'Apis', { services: ['run'] }));

  expect(made.only('google_project_service')).toEqual(
    expect.objectContaining({ service: 'run.googleapis.com', disable_on_destroy: false }),
  );
});

test('an identity gets each grant once, and none that is too much for a project', () => {
  const made = synthesizedTerraform((stack) => {
    const identity = identityOf(stack);
    identity.grantSecret('token');
    identity.grantSecret('token');
    identity.grantOnProject('roles/monitoring.metricWriter');
    expect(identity.grants).toHaveLength(2);
    for (const role of ['roles/editor', 'roles/iam.serviceAccountUser', 'roles/run.admin'])
      expect(() => identity.grantOnProject(role)).toThrow(`${role} is too much for a whole project`);
  });

  expect(made.all('google_secret_manager_secret_iam_member')).toHaveLength(1);
});

test.each(['api', 'a'.repeat(31), 'Support-api'])('an account called %s is refused', (accountId) => {
  expect(() => synthesizedTerraform((stack) => void new WorkloadIdentity(stack, 'It', { project, accountId }))).toThrow(
    `Test/It: accountId "${accountId}" is not 6 to 30 lower-case letters, digits and hyphens`,
  );
});

test('a dump is asked for by an identity that may do nothing else', () => {
  const made = synthesizedTerraform((stack) => {
    const around = surroundings(stack);
    const database = new PostgresInstance(stack, 'Postgres', {
      ...around,
      instanceName: 'support',
      password: ephemeralValue(stack, { name: 'postgres_password', description: 'of the user', version: 1 }),
    });
    new DatabaseExport(stack, 'Dump', {
      ...around,
      jobName: 'support-dump',
      database,
      bucket: bucketOf(stack),
      cron: '0 3 * * *',
      identity: identityOf(stack),
    });
  });

  expect(made.only('google_project_iam_custom_role')).toMatchObject({
    permissions: ['cloudsql.instances.export', 'cloudsql.instances.get'],
  });
  const { body } = made.only('google_cloud_scheduler_job')['http_target'] as { body: string };
  expect(JSON.parse(atob(body))).toMatchObject({
    exportContext: { uri: 'gs://my-project-backups/dumps/app.sql.gz', databases: ['app'], offload: true },
  });
});

describe('GitHub', () => {
  const github = (props: Partial<GithubDeployIdentityProps> = {}) =>
    synthesizedTerraform(
      (stack) =>
        void new GithubDeployIdentity(stack, 'Github', {
          project,
          subject: 'repo:acme/agent:environment:production',
          poolId: 'support-github',
          accountId: 'support-deploy',
          ...props,
        }),
    );

  test('one repository and environment gets in, and no other (CKV_GCP_118, CKV_GCP_125, GCP-0068)', () => {
    expect(github().only('google_iam_workload_identity_pool_provider')).toMatchObject({
      attribute_condition: "assertion.sub == 'repo:acme/agent:environment:production'",
      attribute_mapping: { 'google.subject': 'assertion.sub' },
      oidc: { issuer_uri: 'https://token.actions.githubusercontent.com' },
    });
  });

  test.each(['repo:acme/*:environment:production', 'repo:acme/agent', "repo:acme/agent:environment:x' || true || '"])(
    '%s is refused',
    (subject) => {
      expect(() => github({ subject })).toThrow('Test/Github: subject');
    },
  );
});

test('alerts, a check from outside and a dashboard', () => {
  const made = synthesizedTerraform((stack) => {
    new DatabaseAlerts(stack, 'Database', { project, instanceName: 'support', maxConnections: 100, channels: ['c'] });
    new CacheAlerts(stack, 'Cache', { project, region, instanceName: 'support' });
    new SearchAlerts(stack, 'Search', { clusterName: 'support-search' });
    new ServiceAlerts(stack, 'Api', { serviceName: 'support-api' });
    new ServiceAlerts(stack, 'Worker', { serviceName: 'support-worker', hasRequests: false });
    new UptimeCheck(stack, 'Uptime', { project, displayName: 'support', host: 'agent.example.com', path: '/health' });
    new AgentDashboard(stack, 'Dashboard', {
      displayName: 'support',
      services: [{ serviceName: 'support-api', hasRequests: true }],
      databaseId: `${project}:support`,
    });
  });

  const alerts = made.all('google_monitoring_alert_policy');
  expect(alerts).toHaveLength(4 + 2 + 2 + 3 + 1 + 1);
  expect(JSON.stringify(alerts)).toContain('"threshold_value":85');
  expect(made.only('google_monitoring_uptime_check_config')).toMatchObject({ period: '60s', timeout: '10s' });
  const { dashboard_json: json } = made.only('google_monitoring_dashboard');
  expect(JSON.parse(String(json))).toMatchObject({ mosaicLayout: { columns: 12 } });
});

test.each([
  [{ periodSeconds: 30 as 60 }, 'periodSeconds is 30, not 60, 300, 600 or 900'],
  [{ timeoutSeconds: 90 }, 'timeoutSeconds is 90, not 1 to 60'],
])('a check with %j is refused', (props, message) => {
  expect(() =>
    synthesizedTerraform(
      (stack) => void new UptimeCheck(stack, 'Up', { project, displayName: 'x', host: 'h', path: '/', ...props }),
    ),
  ).toThrow(`Test/Up: ${message}`);
});

test('a transform reaches what there is no prop for', () => {
  const made = synthesizedTerraform(
    (stack) =>
      void new PostgresInstance(stack, 'Postgres', {
        ...surroundings(stack),
        instanceName: 'support',
        password: ephemeralValue(stack, { name: 'postgres_password', description: 'of the user', version: 1 }),
        transform: (resource) => {
          if (resource instanceof SqlDatabaseInstance) resource.addOverride('settings.time_zone', 'UTC');
        },
      }),
  );

  expect(made.only('google_sql_database_instance')).toMatchObject({ settings: { time_zone: 'UTC' } });
});
