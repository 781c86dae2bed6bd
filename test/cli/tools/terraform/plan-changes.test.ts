import { expect, test } from 'vitest';
import { isFirst, planChanges, planRefusal } from '../../../../cli/tools/terraform/plan-changes.js';
import { planContent } from '../../../../cli/tools/terraform/plan-content.js';

const stateful = new Set(['google_sql_database_instance', 'google_redis_instance']);
const canary = 'canary-Vb6Ht2Ls';

interface Change {
  readonly actions: readonly string[];
  readonly before?: object;
  readonly after?: object;
  readonly after_unknown?: object;
  readonly after_sensitive?: object;
  readonly replace_paths?: readonly (readonly (string | number)[])[];
}

const planOf = (changes: Readonly<Record<string, Change>>, before: readonly object[] = [{ mode: 'managed' }]) =>
  planContent.parse({
    format_version: '1.2',
    resource_changes: Object.entries(changes).map(([address, change]) => ({
      address,
      mode: address.startsWith('data.') ? 'data' : 'managed',
      type: address.replace(/^data\./, '').split('.')[0],
      change,
    })),
    output_changes: { Url: { actions: ['no-op'] }, Address: { actions: ['update'] } },
    prior_state: { values: { root_module: { resources: before } } },
  });

const everything = planOf({
  'google_redis_instance.Cache': {
    actions: ['delete', 'create'],
    before: { tier: 'BASIC', auth_string: canary },
    after: { tier: 'STANDARD_HA' },
    after_unknown: { auth_string: true },
    replace_paths: [['tier']],
  },
  'google_sql_database_instance.Postgres': { actions: ['delete'], before: { root_password: canary } },
  'google_cloud_run_v2_service.Api': {
    actions: ['update'],
    before: { client: 'a', name: 'api', template: [{ env: canary }], ingress: 'INGRESS_TRAFFIC_INTERNAL_ONLY' },
    after: { client: 'a', name: 'api', template: [{ env: 'b' }], ingress: 'INGRESS_TRAFFIC_ALL' },
    after_unknown: { etag: true, template: [{ env: false }] },
  },
  'google_dns_record_set.Old': { actions: ['delete'], before: {} },
  'google_project_service.Run': { actions: ['no-op'], before: {}, after: {} },
  'google_storage_bucket.Kept': { actions: ['forget'], before: {} },
  'data.google_project.Project': { actions: ['read'], after: {} },
  'google_secret_manager_secret_iam_member.Api': {
    actions: ['create'],
    after: { role: 'roles/secretmanager.secretAccessor' },
    after_unknown: { member: true },
  },
});

test('a plan is told by what becomes of its resources, without a value', () => {
  const changes = planChanges(everything, stateful);

  expect(changes).toEqual({
    created: [
      {
        address: 'google_secret_manager_secret_iam_member.Api',
        type: 'google_secret_manager_secret_iam_member',
        attributes: [],
      },
    ],
    changed: [
      {
        address: 'google_cloud_run_v2_service.Api',
        type: 'google_cloud_run_v2_service',
        attributes: ['etag', 'ingress', 'template'],
      },
    ],
    replaced: [{ address: 'google_redis_instance.Cache', type: 'google_redis_instance', attributes: ['tier'] }],
    removed: [
      { address: 'google_dns_record_set.Old', type: 'google_dns_record_set', attributes: [] },
      { address: 'google_sql_database_instance.Postgres', type: 'google_sql_database_instance', attributes: [] },
    ],
    forgotten: [{ address: 'google_storage_bucket.Kept', type: 'google_storage_bucket', attributes: [] }],
    iamWidening: [
      'google_cloud_run_v2_service.Api: reachable from the internet past the load balancer',
      'google_secret_manager_secret_iam_member.Api: roles/secretmanager.secretAccessor for (known after apply)',
    ],
    stateful: [
      { address: 'google_redis_instance.Cache', type: 'google_redis_instance', attributes: ['tier'] },
      { address: 'google_sql_database_instance.Postgres', type: 'google_sql_database_instance', attributes: [] },
    ],
    outputs: ['Address'],
  });
  expect(JSON.stringify(changes)).not.toContain(canary);
});

test('what holds data goes only when each of it is named', () => {
  const changes = planChanges(everything, stateful);

  const refusal = planRefusal('foundation', changes, {
    allowWidening: true,
    allowReplace: ['google_redis_instance.Cache'],
  });
  const both = ['google_redis_instance.Cache', 'google_sql_database_instance.Postgres'];

  expect(refusal).toMatchObject({
    code: 'Refused',
    message: 'stack foundation would remove google_sql_database_instance.Postgres, and its data',
  });
  expect(planRefusal('foundation', changes, { allowWidening: true, allowReplace: both })).toBeUndefined();
});

test('other removals and wider permissions are confirmed; of the first deploy of a state all is new', () => {
  const plan = planOf(
    {
      'google_compute_firewall.Nodes': {
        actions: ['update'],
        before: { allow: [{}], source_ranges: ['10.0.0.0/24'] },
        after: { allow: [{}], source_ranges: ['10.0.0.0/24', '0.0.0.0/0'] },
      },
    },
    [{ mode: 'data' }],
  );
  const changes = planChanges(plan, stateful);

  expect(planRefusal('foundation', changes, {})?.detail).toBe(
    'permits more: google_compute_firewall.Nodes: lets in 0.0.0.0/0',
  );
  expect(planRefusal('foundation', changes, { allowWidening: true })).toBeUndefined();
  expect([isFirst(plan), isFirst(everything)]).toEqual([true, false]);
  expect(planRefusal('foundation', changes, { first: true })).toBeUndefined();
});

test.each([
  [
    'google_project_iam_member.A',
    { role: 'roles/run.invoker', member: 'allUsers' },
    ['roles/run.invoker for allUsers'],
  ],
  [
    'google_project_iam_binding.A',
    { role: 'roles/viewer', members: ['user:a', 'user:b'] },
    ['roles/viewer for user:a', 'roles/viewer for user:b'],
  ],
  ['google_storage_bucket.A', { public_access_prevention: 'inherited' }, ['may be made public']],
  ['google_storage_bucket.A', { public_access_prevention: 'enforced' }, []],
  [
    'google_sql_database_instance.A',
    { settings: [{ ip_configuration: [{ ipv4_enabled: true }] }] },
    ['has a public address'],
  ],
  ['google_compute_firewall.A', { direction: 'EGRESS', allow: [{}], source_ranges: ['0.0.0.0/0'] }, []],
])('%s permits as much as it says', (address, after, lines) => {
  const { iamWidening } = planChanges(planOf({ [address]: { actions: ['create'], after } }), stateful);

  expect(iamWidening).toEqual(lines.map((line) => `${address}: ${line}`));
});

test('what Terraform marks as sensitive is not shown as a permission', () => {
  const change = {
    actions: ['create'],
    after: { role: 'roles/viewer', member: canary },
    after_sensitive: { member: true },
  };

  const { iamWidening } = planChanges(planOf({ 'google_project_iam_member.A': change }), stateful);

  expect(iamWidening).toEqual(['google_project_iam_member.A: roles/viewer for (known after apply)']);
});
