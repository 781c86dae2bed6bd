import { expect, test } from 'vitest';
import { type Arguments, configurationRules, policyFindings } from '../../../stacks/gcp/policy/index.js';

const found = (type: string, values: Arguments) =>
  policyFindings({ resource: { [type]: { it: values } } }).map(({ rule, message }) => `${rule}: ${message}`);
const kept = { lifecycle: { prevent_destroy: true } };
const run = (values: Arguments) =>
  found('google_cloud_run_v2_service', { ingress: 'INGRESS_TRAFFIC_INTERNAL_ONLY', ...values });
const image = `x@sha256:${'a'.repeat(64)}`;

test.each<[string, Arguments, readonly string[]]>([
  ['google_sql_user', { password: 'x' }, ['no-plain-secret: password would be kept in the state']],
  ['google_sql_user', { password_wo: 'hunter22' }, ['no-plain-secret: password_wo is not from a variable']],
  ['google_sql_user', { password_wo: '${var.postgres_password}' }, []],
  ['google_x', { url: 'postgres://agent:hunter22@host/db' }, ['no-plain-secret: url looks like a secret']],
  ['google_redis_instance', {}, ['stateful-is-kept: lifecycle.prevent_destroy is not set']],
  ['google_sql_database_instance', kept, ['stateful-is-kept: deletion_protection is not set']],
  ['google_sql_database_instance', { master_instance_name: 'x' }, []],
  ['google_x_iam_member', { member: 'allUsers' }, ['no-public-binding: grants a role to allUsers']],
  [
    'google_x_iam_binding',
    { members: ['user:a@b.c', 'allAuthenticatedUsers'] },
    ['no-public-binding: grants a role to allAuthenticatedUsers'],
  ],
])('%s with %j', (type, values, findings) => {
  expect(found(type, values)).toEqual(findings);
});

test('a service is by digest, has pinned secrets and is reached through the load balancer', () => {
  const env = (version: string) => [{ name: 'A', value_source: { secret_key_ref: { secret: 's', version } } }];

  expect(run({ template: { containers: [{ name: 'app', image, env: env('3') }] } })).toEqual([]);
  expect(run({ template: { containers: [{ name: 'app', image: 'x:latest', env: env('latest') }] } })).toEqual([
    'pinned-secrets: version latest of secret s is no number',
    'image-by-digest: container app has no digest',
  ]);
  expect(run({ ingress: 'INGRESS_TRAFFIC_ALL' })).toEqual(['reached-through-the-door: ingress is INGRESS_TRAFFIC_ALL']);
});

test('each rule says why', () => {
  for (const { reason } of configurationRules) expect(reason.length).toBeGreaterThan(20);
});
