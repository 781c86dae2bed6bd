import { expect, test } from 'vitest';
import { deployRoles, grantableRoles } from '../../../../cli/targets/gcp/deploy-roles.js';
import { githubIdentityNames } from '../../../../cli/targets/gcp/github-identity.js';
import { exporterRoleId } from '../../../../stacks/gcp/naming.js';
import { resourcesOf } from '../../../../stacks/gcp/policy/index.js';
import { gcpSpec, synthesizedStage } from '../../../support/gcp/synthesized-stage.js';

/** The role with which Google lets somebody make things of a type (IAM, "Predefined roles"). */
const roleByType: readonly (readonly [RegExp, string])[] = [
  [/^google_artifact_registry_/, 'roles/artifactregistry.admin'],
  [/^google_cloud_run_v2_/, 'roles/run.admin'],
  [/^google_cloud_scheduler_/, 'roles/cloudscheduler.admin'],
  [/^google_compute_(?:firewall|security_policy|ssl_policy|managed_ssl_certificate)$/, 'roles/compute.securityAdmin'],
  [/^google_compute_(?:disk|instance|resource_policy)/, 'roles/compute.instanceAdmin.v1'],
  [/^google_compute_/, 'roles/compute.networkAdmin'],
  [/^google_dns_/, 'roles/dns.admin'],
  [/^google_logging_/, 'roles/logging.configWriter'],
  [/^google_monitoring_/, 'roles/monitoring.editor'],
  [/^google_project_iam_custom_role$/, 'roles/iam.roleAdmin'],
  [/^google_project_iam_member$/, 'roles/resourcemanager.projectIamAdmin'],
  [/^google_project_service$/, 'roles/serviceusage.serviceUsageAdmin'],
  [/^google_pubsub_/, 'roles/pubsub.admin'],
  [/^google_redis_/, 'roles/redis.admin'],
  [/^google_secret_manager_/, 'roles/secretmanager.admin'],
  [/^google_service_account/, 'roles/iam.serviceAccountAdmin'],
  [/^google_service_networking_/, 'roles/servicenetworking.networksAdmin'],
  [/^google_sql_/, 'roles/cloudsql.admin'],
  [/^google_storage_/, 'roles/storage.admin'],
];

test.each(['quickstart', 'fastapi-agent', 'state-management-demo'])(
  'whoever deploys %s may make everything in its configurations, and grant what is granted there',
  (example) => {
    const spec = gcpSpec(`examples/${example}/agentctl.yaml`);
    const grants = deployRoles(spec, 'production', 'my-project');
    const roles = new Set(grants.map(({ role }) => role));
    const resources = Object.values(synthesizedStage(spec)).flatMap(({ configuration }) => resourcesOf(configuration));
    const all = resources.map(([address]) => address.split('.')[0] ?? '');
    const types = [...new Set(all)].filter((type) => type.startsWith('google_'));
    const needed = types.map(
      (type) => roleByType.find(([pattern]) => pattern.test(type))?.[1] ?? `no role for ${type}`,
    );
    expect([...new Set(needed)].filter((role) => !roles.has(role))).toEqual([]);

    const limit = grants.find(({ role }) => role === 'roles/resourcemanager.projectIamAdmin')?.condition ?? '';
    const granted = resources
      .filter(([address]) => address.startsWith('google_project_iam_member.'))
      .map(([, values]) => String(values['role']));
    const names = granted.map((role) =>
      role.startsWith('${') ? `projects/my-project/roles/${exporterRoleId(`${spec.name}-production-dumps`)}` : role,
    );
    expect(names.filter((role) => !limit.includes(`'${role}'`))).toEqual([]);
    const custom = resources.filter(([address]) => address.startsWith('google_project_iam_custom_role.'));
    for (const [, { role_id: id }] of custom) expect(limit).toContain(`/roles/${String(id)}'`);
  },
);

test('what is not asked for is not granted, and nobody may make somebody an owner', () => {
  const roles = deployRoles(gcpSpec('examples/quickstart/agentctl.yaml'), 'production', 'p').map(({ role }) => role);
  expect(roles).not.toContain('roles/pubsub.admin');
  expect(roles).not.toContain('roles/redis.admin');
  expect(roles).not.toContain('roles/compute.instanceAdmin.v1');
  expect([...roles, ...grantableRoles].filter((role) => /owner|editor$|securityAdmin$/.test(role))).toEqual([
    'roles/compute.securityAdmin',
    'roles/monitoring.editor',
  ]);
});

test('names fit, and are those of one repository and environment', () => {
  const spec = { ...gcpSpec('examples/quickstart/agentctl.yaml'), name: 'a-name-of-24-characters-' };
  const names = ['production', 'staging'].map((environment) =>
    githubIdentityNames({ spec, github: 'acme/agent', environment, project: 'my-project' }),
  );
  expect(names[0]?.subject).toBe('repo:acme/agent:environment:production');
  expect(names[0]?.wanted.condition).toBe("assertion.sub == 'repo:acme/agent:environment:production'");
  for (const { accountId, name } of names) {
    expect(accountId).toMatch(/^[a-z][a-z0-9-]{4,28}[a-z0-9]$/);
    expect(name.provider).toMatch(/^[a-z0-9-]{4,32}$/);
  }
  expect(names[0]?.accountId).not.toBe(names[1]?.accountId);
});
