import type { Arguments } from '../../../stacks/gcp/policy/index.js';
import { at, blocksIn, listOf } from '../../../stacks/stage/values.js';

/** What has to be set on every resource of a type, and the ids of the checks that look for it. */
export interface Condition {
  readonly type: string;
  /** checkov (CKV), Trivy (GCP-…), agentctl’s own where neither looks (own). */
  readonly ids: string;
  readonly what: string;
  readonly holds: (values: Arguments) => boolean;
}

const isSet = (value: unknown): boolean => value !== undefined && value !== null && value !== '';
const isReplica = (values: Arguments): boolean => isSet(values['master_instance_name']);
const one = (value: unknown): unknown => (Array.isArray(value) ? value[0] : value);

function flag(values: Arguments, name: string): unknown {
  const flags = listOf(at(values, 'settings', 'database_flags'));
  return at(
    flags.find((entry) => at(entry, 'name') === name),
    'value',
  );
}

function containers(values: Arguments, holds: (container: unknown) => boolean): boolean {
  const found = [...blocksIn(values, 'containers')].flatMap((block) =>
    Array.isArray(block) ? listOf(block) : [block],
  );
  return found.length > 0 && found.every(holds);
}

/** Seconds or nothing of a text such as `300s`. */
function seconds(value: unknown): number {
  return Number(String(value).replace(/s$/, ''));
}

/** From the table “Terraform google: id → what must be set”. What is knowingly not set is in {@link acknowledged}. */
export const conditions: readonly Condition[] = [
  ...of('google_sql_database_instance', [
    [
      'CKV_GCP_60, CKV_GCP_11, GCP-0017',
      'no public address, no open network',
      (it) =>
        at(it, 'settings', 'ip_configuration', 'ipv4_enabled') === false &&
        at(it, 'settings', 'ip_configuration', 'authorized_networks') === undefined &&
        isSet(at(it, 'settings', 'ip_configuration', 'private_network')),
    ],
    ['GCP-0015', 'TLS demanded', (it) => at(it, 'settings', 'ip_configuration', 'ssl_mode') === 'ENCRYPTED_ONLY'],
    [
      'CKV_GCP_14, GCP-0024',
      'backed up, to any point in time',
      (it) =>
        isReplica(it) ||
        (at(it, 'settings', 'backup_configuration', 'enabled') === true &&
          at(it, 'settings', 'backup_configuration', 'point_in_time_recovery_enabled') === true),
    ],
    [
      'CKV_GCP_51 to 54, GCP-0016, 0020, 0022, 0025',
      'checkpoints, connections and lock waits logged',
      (it) =>
        ['log_checkpoints', 'log_connections', 'log_disconnections', 'log_lock_waits'].every(
          (name) => flag(it, name) === 'on',
        ),
    ],
    [
      'CKV_GCP_108, 109, 110, 111, GCP-0018',
      'host names, errors, changes of the schema and pgAudit logged',
      (it) =>
        flag(it, 'log_hostname') === 'on' &&
        flag(it, 'log_min_error_statement') === 'error' &&
        flag(it, 'cloudsql.enable_pgaudit') === 'on' &&
        ['ddl', 'mod', 'all'].includes(String(flag(it, 'log_statement'))),
    ],
    [
      'CKV_GCP_55, CKV_GCP_56, GCP-0014, GCP-0021',
      'messages and temporary files logged',
      (it) => flag(it, 'log_min_messages') === 'warning' && flag(it, 'log_temp_files') === '0',
    ],
    [
      'CKV2_GCP_13 to 17',
      'durations logged, statistics of the parts of the server not',
      (it) =>
        flag(it, 'log_duration') === 'on' &&
        ['log_executor_stats', 'log_parser_stats', 'log_planner_stats', 'log_statement_stats'].every(
          (name) => flag(it, name) === 'off',
        ),
    ],
    ['own', 'no log of MySQL', (it) => at(it, 'settings', 'backup_configuration', 'binary_log_enabled') === undefined],
    [
      'own (magic-modules#18014)',
      'an edition, which is never left to the API',
      (it) => ['ENTERPRISE', 'ENTERPRISE_PLUS'].includes(String(at(it, 'settings', 'edition'))),
    ],
    [
      'own',
      'guarded from deletion by Terraform and by the API',
      (it) => it['deletion_protection'] === true && at(it, 'settings', 'deletion_protection_enabled') === true,
    ],
    [
      'own',
      'made after the connection of its network',
      (it) => JSON.stringify(it['depends_on']).includes('google_service_networking_connection.'),
    ],
  ]),
  ...of('google_sql_user', [
    [
      'own',
      'a password that is only written',
      (it) => isSet(it['password_wo']) && isSet(it['password_wo_version']) && !isSet(it['password']),
    ],
  ]),
  ...of('google_redis_instance', [
    ['CKV_GCP_95', 'a password', (it) => it['auth_enabled'] === true],
    ['CKV_GCP_97', 'TLS', (it) => it['transit_encryption_mode'] === 'SERVER_AUTHENTICATION'],
    [
      'own (provider-google#16275)',
      'made after the connection that nothing in it refers to',
      (it) => listOf(it['depends_on']).some((name) => String(name).startsWith('google_service_networking_connection.')),
    ],
  ]),
  ...of('google_artifact_registry_repository', [
    ['own', 'tags that stay', (it) => at(it, 'docker_config', 'immutable_tags') === true],
    ['own', 'scanned', (it) => at(it, 'vulnerability_scanning_config', 'enablement_config') === 'INHERITED'],
    [
      'own',
      'old images removed',
      (it) => listOf(it['cleanup_policies']).length > 0 && it['cleanup_policy_dry_run'] === false,
    ],
  ]),
  ...of('google_compute_network', [
    ['CKV2_GCP_18, own', 'no subnetworks that nobody asked for', (it) => it['auto_create_subnetworks'] === false],
  ]),
  ...of('google_compute_subnetwork', [
    ['CKV_GCP_26, GCP-0029', 'flow logs', (it) => isSet(at(it, 'log_config', 'flow_sampling'))],
    ['CKV_GCP_74, GCP-0075', 'private access to Google', (it) => it['private_ip_google_access'] === true],
    [
      'own (Cloud Run, Direct VPC egress)',
      'a /26 or larger',
      (it) => Number(String(it['ip_cidr_range']).split('/')[1]) <= 26,
    ],
  ]),
  ...of('google_compute_firewall', [
    [
      'CKV_GCP_2, 3, 75, 77, 88, 106, CKV2_GCP_12, GCP-0027, 0035, 0070 to 0074',
      'nothing open to all, and named ports only',
      (it) =>
        !JSON.stringify(it).includes('0.0.0.0/0') &&
        listOf(it['allow']).every((rule) => listOf(at(rule, 'ports')).length > 0) &&
        listOf(it['allow']).length > 0,
    ],
  ]),
  ...of('google_compute_instance', [
    [
      'CKV_GCP_30, 31, GCP-0006, 0043',
      'a service account of its own',
      (it) => String(at(one(it['service_account']), 'email')).includes('google_service_account.'),
    ],
    ['CKV_GCP_32, GCP-0030', 'no keys of the project', (it) => at(it, 'metadata', 'block-project-ssh-keys') === 'TRUE'],
    ['CKV_GCP_34, GCP-0042', 'OS Login', (it) => at(it, 'metadata', 'enable-oslogin') === 'TRUE'],
    ['CKV_GCP_35, GCP-0032', 'no serial port', (it) => at(it, 'metadata', 'serial-port-enable') === 'FALSE'],
    ['CKV_GCP_36, GCP-0044', 'no forwarding', (it) => it['can_ip_forward'] === false],
    [
      'CKV_GCP_39, GCP-0041, 0045, 0067',
      'Shielded VM, all three',
      (it) =>
        ['enable_secure_boot', 'enable_vtpm', 'enable_integrity_monitoring'].every(
          (name) => at(one(it['shielded_instance_config']), name) === true,
        ),
    ],
    [
      'CKV_GCP_40, GCP-0031',
      'no public address',
      (it) => !JSON.stringify(it['network_interface']).includes('access_config'),
    ],
  ]),
  ...of('google_storage_bucket', [
    ['CKV_GCP_29, GCP-0002', 'uniform access', (it) => it['uniform_bucket_level_access'] === true],
    ['CKV_GCP_114, GCP-0001', 'public access prevented', (it) => it['public_access_prevention'] === 'enforced'],
    ['CKV_GCP_78, GCP-0078', 'versioned', (it) => at(it, 'versioning', 'enabled') === true],
    [
      'CKV_GCP_62, CKV_GCP_63, GCP-0077',
      'access logs, in another bucket',
      (it) => String(it['name']).endsWith('-logs') || isSet(at(it, 'logging', 'log_bucket')),
    ],
    ['own', 'a lifecycle', (it) => listOf(it['lifecycle_rule']).length > 0],
  ]),
  ...of('google_project_iam_member', [
    [
      'CKV_GCP_41, 42, 46, 49, 117, GCP-0003, 0007, 0008, 0010, 0011',
      'no basic role, none of an administrator, none to act as others, not to the default account',
      (it) =>
        !/^roles\/(?:owner|editor|viewer|iam\.serviceAccount(?:User|TokenCreator)|.*[aA]dmin)$/.test(
          String(it['role']),
        ) && !String(it['member']).includes('-compute@developer'),
    ],
  ]),
  ...of('google_compute_global_forwarding_rule', [
    [
      'CKV2_GCP_38',
      'HTTPS, or plain HTTP that leads there or has no name to certify',
      (it) => ['80', '443'].includes(String(it['port_range'])),
    ],
    ['own', 'of the scheme of its backends', (it) => it['load_balancing_scheme'] === 'EXTERNAL_MANAGED'],
  ]),
  ...of('google_compute_ssl_policy', [
    [
      'CKV_GCP_4, CKV2_GCP_37, GCP-0039',
      'TLS 1.2, modern ciphers',
      (it) => it['min_tls_version'] === 'TLS_1_2' && ['MODERN', 'RESTRICTED'].includes(String(it['profile'])),
    ],
  ]),
  ...of('google_compute_security_policy', [
    ['CKV_GCP_73', 'Log4j', (it) => JSON.stringify(it['rule']).includes("evaluatePreconfiguredWaf('cve-canary'")],
    [
      'own',
      'a default rule, and each priority once',
      (it) => {
        const priorities = listOf(it['rule']).map((rule) => at(rule, 'priority'));
        return priorities.includes(2_147_483_647) && new Set(priorities).size === priorities.length;
      },
    ],
  ]),
  ...of('google_compute_backend_service', [
    [
      'own',
      'Cloud Armor in front, and a log',
      (it) => isSet(it['security_policy']) && at(it, 'log_config', 'enable') === true,
    ],
    [
      'own',
      'nothing that a serverless backend may not have',
      (it) =>
        ['health_checks', 'timeout_sec', 'port_name'].every((name) => it[name] === undefined) &&
        !JSON.stringify(it['backend']).includes('balancing_mode'),
    ],
    ['own', 'of the scheme of what forwards to them', (it) => it['load_balancing_scheme'] === 'EXTERNAL_MANAGED'],
  ]),
  ...of('google_cloud_run_v2_service', [
    [
      'own',
      'reached through the load balancer, or from inside',
      (it) =>
        ['INGRESS_TRAFFIC_INTERNAL_LOAD_BALANCER', 'INGRESS_TRAFFIC_INTERNAL_ONLY'].includes(String(it['ingress'])),
    ],
    [
      'own',
      'an identity of its own',
      (it) => String(at(it, 'template', 'service_account')).includes('google_service_account.'),
    ],
    ['own', 'a most number of instances', (it) => Number(at(it, 'template', 'scaling', 'max_instance_count')) >= 1],
    [
      'own',
      'in the VPC, by interfaces and not by a connector as well',
      (it) =>
        at(it, 'template', 'vpc_access', 'egress') === 'PRIVATE_RANGES_ONLY' &&
        isSet(at(it, 'template', 'vpc_access', 'network_interfaces')) &&
        at(it, 'template', 'vpc_access', 'connector') === undefined,
    ],
    [
      'own',
      'checks of one kind each',
      (it) =>
        containers(it, (container) =>
          ['startup_probe', 'liveness_probe'].every((name) => {
            const probe = at(container, name);
            return (
              probe === undefined ||
              ['http_get', 'tcp_socket', 'grpc'].filter((kind) => isSet(at(probe, kind))).length === 1
            );
          }),
        ),
    ],
    ['own', 'guarded from deletion', (it) => it['deletion_protection'] === true],
    [
      'own',
      'a startup check for every container',
      (it) => containers(it, (container) => isSet(at(container, 'startup_probe'))),
    ],
    [
      'own (Cloud Run, health checks)',
      'a start of 240 s at most, checks that end before the next one',
      (it) =>
        containers(it, (container) => {
          const start = at(container, 'startup_probe');
          const live = at(container, 'liveness_probe');
          const inAll = Number(at(start, 'period_seconds')) * Number(at(start, 'failure_threshold'));
          return (
            inAll <= 240 &&
            (live === undefined || Number(at(live, 'timeout_seconds')) <= Number(at(live, 'period_seconds')))
          );
        }),
    ],
    [
      'own',
      'one container with a port',
      (it) =>
        [...blocksIn(it, 'containers')].flatMap(listOf).filter((container) => isSet(at(container, 'ports'))).length ===
        1,
    ],
    [
      'own (Cloud Run, container contract)',
      'no variable twice, and none of Cloud Run’s own',
      (it) =>
        containers(it, (container) => {
          const names = listOf(at(container, 'env')).map((variable) => String(at(variable, 'name')));
          return new Set(names).size === names.length && !names.some((name) => /^(?:PORT|K_|CLOUD_RUN_)/.test(name));
        }),
    ],
    ['own', 'requests of an hour at most', (it) => seconds(at(it, 'template', 'timeout')) <= 3600],
    ['own', 'all of the traffic goes somewhere', (it) => Number(at(one(it['traffic']), 'percent')) === 100],
    [
      'own',
      'who serves is not said by Terraform',
      (it) => listOf(at(it, 'lifecycle', 'ignore_changes')).includes('traffic'),
    ],
  ]),
  ...of('google_cloud_run_v2_job', [
    ['own', 'one try', (it) => at(it, 'template', 'template', 'max_retries') === 0],
    [
      'own',
      'an identity of its own',
      (it) => String(at(it, 'template', 'template', 'service_account')).includes('google_service_account.'),
    ],
  ]),
  ...[
    'google_project_iam_member',
    'google_storage_bucket_iam_member',
    'google_secret_manager_secret_iam_member',
  ].flatMap((type) =>
    of(type, [
      [
        'CKV_GCP_101, CKV_GCP_102, GCP-0001',
        'not for everybody',
        (it) => !/^all(?:Authenticated)?Users$/.test(String(it['member'])),
      ],
    ]),
  ),
  ...of('google_secret_manager_secret_iam_member', [
    [
      'own',
      'reading, of one secret',
      (it) => it['role'] === 'roles/secretmanager.secretAccessor' && isSet(it['secret_id']),
    ],
  ]),
  ...of('google_project_service', [['own', 'stays on', (it) => it['disable_on_destroy'] === false]]),
  ...of('google_monitoring_alert_policy', [
    ['own', 'says what to do', (it) => isSet(at(one(it['documentation']), 'content'))],
  ]),
];

/** Checks that the examples fail knowingly. */
export const acknowledged: Readonly<Record<string, string>> = {
  CKV_GCP_6:
    'Client certificates would have to be in every application; ENCRYPTED_ONLY demands TLS, which Trivy accepts.',
  CKV_GCP_57: 'It forbids logging slow statements, which is what one looks for first.',
  CKV_GCP_79: 'It accepts PostgreSQL 18 only; the config file says the version, up to 17.',
  'CKV_GCP_37, CKV_GCP_38, CKV_GCP_84, GCP-0066':
    'A key of the customer: Google encrypts with its own. Constructs take one; stacks make none, as the service agents that have to use it exist only after the first use.',
  'CKV_GCP_76, GCP-0076': 'IPv6: the network has none.',
};

/** Checks of what no configuration of ours has. */
export const withoutObject: Readonly<Record<string, string>> = {
  'CKV_GCP_43, CKV_GCP_82, CKV2_GCP_6, GCP-0065': 'No key of Cloud KMS is made.',
  'CKV_GCP_27, GCP-0010':
    'The project is there before: no configuration makes one, with or without its default network.',
  'CKV_GCP_118, CKV_GCP_125, GCP-0068':
    'The identity of workflows is in no stage: `bootstrap --github` makes it (test/cli/targets/gcp), or the construct (test/constructs/gcp/surroundings.test.ts).',
};

/** Pure: `CKV_GCP_51 to 54, GCP-0016, 0020` names six. */
export function idsIn(text: string): readonly string[] {
  let prefix = '';
  return text
    .replaceAll(/\([^)]*\)/g, '')
    .split(/,\s*/)
    .flatMap((part) => {
      const [, named, from = '', to] = /^\s*((?:CKV2?_GCP_|GCP-)?)(\d+)(?: to (\d+))?\s*$/.exec(part) ?? [];
      if (named === undefined) return [];
      if (named !== '') prefix = named;
      const count = to === undefined ? 1 : Number(to) - Number(from) + 1;
      return Array.from(
        { length: count },
        (_, index) => `${prefix}${String(Number(from) + index).padStart(from.length, '0')}`,
      );
    });
}

function of(
  type: string,
  rows: readonly (readonly [ids: string, what: string, holds: Condition['holds']])[],
): readonly Condition[] {
  return rows.map(([ids, what, holds]) => ({ type, ids, what, holds }));
}
