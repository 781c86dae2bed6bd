import type { ResourceChange } from './plan-content.js';

type Values = Readonly<Record<string, unknown>>;

/** What is not known before the apply, or must not be shown. */
const notShown = '(known after apply)';

/**
 * Pure: what a change permits that was not permitted before: roles of members, sources that a firewall lets in, and switches by which
 * something becomes reachable without a permission. One line each.
 */
export function iamWidening({ address, type, change }: ResourceChange): readonly string[] {
  const { before, after } = change;
  if (after === null || after === undefined || change.actions.includes('no-op')) return [];
  const shown = withoutSensitive(after, change.after_sensitive);
  const had = new Set(before === null || before === undefined ? [] : permissions(type, before));
  return permissions(type, shown)
    .filter((line) => !had.has(line))
    .map((line) => `${address}: ${line}`);
}

function permissions(type: string, values: Values): readonly string[] {
  if (/_iam_(member|binding)$/.test(type)) {
    const members = type.endsWith('_member') ? [values['member']] : listOf(values['members']);
    const shown = members.length === 0 ? [notShown] : members.map(textOf);
    return shown.map((member) => `${textOf(values['role'])} for ${member}`);
  }
  if (type.endsWith('_iam_policy')) return [`a policy of its own: ${textOf(values['policy_data'])}`];
  return [...(rules[type]?.(values) ?? [])];
}

const rules: Readonly<Record<string, (values: Values) => readonly string[]>> = {
  google_compute_firewall: ({ direction, allow, disabled, source_ranges: ranges }) =>
    direction === 'EGRESS' || disabled === true || listOf(allow).length === 0
      ? []
      : listOf(ranges).map((range) => `lets in ${textOf(range)}`),
  google_cloud_run_v2_service: ({ ingress, invoker_iam_disabled: open }) => [
    ...(ingress === 'INGRESS_TRAFFIC_ALL' ? ['reachable from the internet past the load balancer'] : []),
    ...(open === true ? ['asks nobody for a permission'] : []),
  ],
  google_sql_database_instance: ({ settings }) =>
    listOf(settings)
      .flatMap((one) => listOf(valuesOf(one)['ip_configuration']))
      .map(valuesOf)
      .flatMap(({ ipv4_enabled: open, authorized_networks: networks }) => [
        ...(open === true ? ['has a public address'] : []),
        ...listOf(networks).map((network) => `lets in ${textOf(valuesOf(network)['value'])}`),
      ]),
  google_storage_bucket: ({ public_access_prevention: prevention }) =>
    prevention === 'enforced' ? [] : ['may be made public'],
  google_service_account_key: () => ['a key that does not expire'],
};

/** What Terraform marks as sensitive is not shown, wherever in a value it is. */
function withoutSensitive(values: Values, marks: unknown): Values {
  if (marks === true) return {};
  const marked = valuesOf(marks);
  return Object.fromEntries(
    Object.entries(values).filter(([name]) => marked[name] === undefined || !hasTrue(marked[name])),
  );
}

function hasTrue(mark: unknown): boolean {
  return mark === true || (typeof mark === 'object' && mark !== null && Object.values(mark).some(hasTrue));
}

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

function valuesOf(value: unknown): Values {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : {};
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : notShown;
}
