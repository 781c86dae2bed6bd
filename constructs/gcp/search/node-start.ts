import type { SecretReference } from '../service/container-props.js';
import { literalText } from '../literal-text.js';

/** Secrets that a node reads when it starts. */
export interface SearchSecrets {
  /** Of the user. */
  readonly password: SecretReference;
  /** PEM of the CA that signed the certificate of the nodes. */
  readonly caCertificate: SecretReference;
  /** PEM; subject `CN=agentctl-search-node`. */
  readonly nodeCertificate: SecretReference;
  /** PEM, PKCS#8. */
  readonly nodeKey: SecretReference;
}

/** What {@link nodeStart} writes onto a machine. Addresses may be references. */
export interface NodeStartOptions {
  readonly project: string;
  readonly clusterName: string;
  readonly nodeName: string;
  readonly zone: string;
  readonly address: string;
  readonly nodes: readonly { readonly name: string; readonly address: string }[];
  readonly image: string;
  readonly username: string;
  readonly secrets: SearchSecrets;
  /** Snapshots go there. */
  readonly bucketName: string;
}

/** Name of the data disk, as the machine sees it. */
export const dataDevice = 'data';
export const searchPort = 9200;
export const transportPort = 9300;

/**
 * Pure: the `user-data` of a node on Container-Optimized OS, which cloud-init runs at every start. The machine mounts its disk,
 * reads its secrets with its own identity and runs OpenSearch; none of the values is in here.
 */
export function nodeStart(options: NodeStartOptions): string {
  const config = {
    write_files: [
      file('/var/lib/agentctl/opensearch.yml', '0644', settings(options)),
      file('/var/lib/agentctl/start.sh', '0700', literalText(startScript(options))),
      file('/var/lib/agentctl/snapshots.sh', '0700', literalText(snapshotScript(options))),
      file('/etc/systemd/system/opensearch.service', '0644', unit),
    ],
    runcmd: [
      ['systemctl', 'daemon-reload'],
      ['systemctl', 'start', 'opensearch.service'],
    ],
  };
  // JSON is YAML.
  return `#cloud-config\n${JSON.stringify(config, undefined, 1)}\n`;
}

function file(path: string, permissions: string, content: string) {
  return { path, permissions, owner: 'root', content };
}

const unit = [
  '[Unit]',
  'Description=OpenSearch',
  'Wants=network-online.target docker.service',
  'After=network-online.target docker.service',
  '[Service]',
  'ExecStart=/bin/bash /var/lib/agentctl/start.sh',
  'ExecStartPost=-/bin/bash /var/lib/agentctl/snapshots.sh',
  'ExecStop=/usr/bin/docker stop --time 120 opensearch',
  'TimeoutStartSec=900',
  'TimeoutStopSec=150',
  'Restart=always',
  'RestartSec=10',
  '',
].join('\n');

/** OpenSearch documentation, "Configuring TLS certificates" and "Shard allocation awareness". No demo certificates. */
function settings({ clusterName, nodeName, zone, address, nodes }: NodeStartOptions): string {
  return [
    `cluster.name: ${clusterName}`,
    `node.name: ${nodeName}`,
    `node.attr.zone: ${zone}`,
    'cluster.routing.allocation.awareness.attributes: zone',
    'network.host: 0.0.0.0',
    `network.publish_host: ${address}`,
    `discovery.seed_hosts: [${nodes.map((node) => node.address).join(', ')}]`,
    'bootstrap.memory_lock: true',
    ...tlsSettings('transport'),
    'plugins.security.ssl.transport.enforce_hostname_verification: false',
    'plugins.security.ssl.http.enabled: true',
    ...tlsSettings('http'),
    'plugins.security.nodes_dn: ["CN=agentctl-search-node"]',
    'plugins.security.authcz.admin_dn: ["CN=agentctl-search-admin"]',
    // The first node to come up makes the index of users from the file beside.
    'plugins.security.allow_default_init_securityindex: true',
    'plugins.security.restapi.roles_enabled: [all_access, security_rest_api_access]',
    '',
  ].join('\n');
}

function tlsSettings(layer: string): readonly string[] {
  return [
    `plugins.security.ssl.${layer}.pemcert_filepath: certs/node.pem`,
    `plugins.security.ssl.${layer}.pemkey_filepath: certs/node.key`,
    `plugins.security.ssl.${layer}.pemtrustedcas_filepath: certs/ca.pem`,
  ];
}

function read({ secret, version }: SecretReference, path: string): string {
  return `secret ${secret} ${version} > ${path}`;
}

/** `secret NAME VERSION` prints a secret; neither it nor the token is in an argument. */
function secretFunction(project: string): readonly string[] {
  return [
    'token() {',
    '  curl -sSf -H "Metadata-Flavor: Google" http://metadata.google.internal/computeMetadata/v1/instance/service-accounts/default/token |',
    `    sed 's/.*"access_token" *: *"\\([^"]*\\)".*/\\1/'`,
    '}',
    'secret() {',
    `  printf 'Authorization: Bearer %s' "$(token)" |`,
    `    curl -sSf --retry 10 --retry-all-errors -H @- "https://secretmanager.googleapis.com/v1/projects/${project}/secrets/$1/versions/$2:access" |`,
    `    tr -d '\\n' | sed 's/.*"data" *: *"\\([^"]*\\)".*/\\1/' | base64 -d`,
    '}',
  ];
}

function startScript({ project, secrets, image, username, nodes }: NodeStartOptions): string {
  const names = nodes.map(({ name }) => name).join(', ');
  return [
    'set -euo pipefail',
    'umask 077',
    `disk=/dev/disk/by-id/google-${dataDevice}`,
    'data=/mnt/disks/data',
    'run=/run/agentctl',
    'mkdir -p "$data" "$run/certs"',
    // A new disk has no file system; one that has is never formatted.
    'blkid "$disk" > /dev/null || mkfs.ext4 -q -m 0 "$disk"',
    'mountpoint -q "$data" || mount -o discard,defaults,noatime "$disk" "$data"',
    'sysctl -q -w vm.max_map_count=262144',
    // Container-Optimized OS lets nobody in but SSH.
    `for port in ${searchPort} ${transportPort}; do`,
    '  iptables -C INPUT -p tcp --dport "$port" -j ACCEPT 2> /dev/null || iptables -A INPUT -p tcp --dport "$port" -j ACCEPT',
    'done',
    ...secretFunction(project),
    read(secrets.caCertificate, '"$run/certs/ca.pem"'),
    read(secrets.nodeCertificate, '"$run/certs/node.pem"'),
    read(secrets.nodeKey, '"$run/certs/node.key"'),
    `printf 'PASSWORD=%s\\n' "$(secret ${secrets.password.secret} ${secrets.password.version})" > "$run/password"`,
    `image=${image}`,
    'for attempt in 1 2 3 4 5; do docker pull -q "$image" && break; sleep 10; done',
    'hash=$(docker run --rm --env-file "$run/password" --entrypoint bash "$image" plugins/opensearch-security/tools/hash.sh -env PASSWORD | tail -n 1)',
    `printf '_meta: { type: internalusers, config_version: 2 }\\n${username}: { hash: "%s", reserved: false, backend_roles: [admin] }\\n' "$hash" > "$run/internal_users.yml"`,
    'cp /var/lib/agentctl/opensearch.yml "$run/opensearch.yml"',
    // Only a cluster that was never formed may be told who forms it.
    `[ -d "$data/nodes" ] || echo 'cluster.initial_cluster_manager_nodes: [${names}]' >> "$run/opensearch.yml"`,
    // Half of the memory, and not more than compressed pointers reach.
    "heap=$(awk '/MemTotal/ { half = int($2 / 2048); print (half > 31744 ? 31744 : half) }' /proc/meminfo)",
    // The user of the image.
    'chown -R 1000:1000 "$data" "$run/certs" "$run/internal_users.yml" "$run/opensearch.yml"',
    'docker rm -f opensearch > /dev/null 2>&1 || true',
    'exec docker run --rm --name opensearch --network host --ulimit memlock=-1:-1 --ulimit nofile=65536:65536 \\',
    '  --log-driver gcplogs \\',
    '  -e DISABLE_INSTALL_DEMO_CONFIG=true -e "OPENSEARCH_JAVA_OPTS=-Xms$heap""m -Xmx$heap""m" \\',
    '  -v "$data:/usr/share/opensearch/data" \\',
    '  -v "$run/opensearch.yml:/usr/share/opensearch/config/opensearch.yml" \\',
    '  -v "$run/certs:/usr/share/opensearch/config/certs:ro" \\',
    '  -v "$run/internal_users.yml:/usr/share/opensearch/config/opensearch-security/internal_users.yml:ro" \\',
    '  --entrypoint bash "$image" -c \\',
    "  'bin/opensearch-plugin list | grep -q repository-gcs || bin/opensearch-plugin install --batch repository-gcs; exec ./opensearch-docker-entrypoint.sh opensearch'",
    '',
  ].join('\n');
}

/** OpenSearch documentation, "Snapshot management": every six hours, kept for thirty days. Asked for again, it changes nothing. */
function snapshotScript({ bucketName, username, clusterName, nodes, nodeName }: NodeStartOptions): string {
  if (nodeName !== nodes[0]?.name) return 'exit 0\n';
  const repository = JSON.stringify({
    type: 'gcs',
    settings: { bucket: bucketName, base_path: `snapshots/${clusterName}` },
  });
  const policy = JSON.stringify({
    description: 'Every six hours, for thirty days',
    creation: { schedule: { cron: { expression: '0 */6 * * *', timezone: 'UTC' } } },
    deletion: { condition: { max_age: '30d', min_count: 4 } },
    snapshot_config: { repository: 'gcs', indices: '*', include_global_state: false },
  });
  return [
    'set -euo pipefail',
    'run=/run/agentctl',
    'ask() {',
    '  . "$run/password"',
    `  printf 'user = "${username}:%s"\\n' "$PASSWORD" |`,
    `    curl -sS -K - --cacert "$run/certs/ca.pem" --resolve "agentctl-search-node:${searchPort}:127.0.0.1" -H 'Content-Type: application/json' \\`,
    `      -X "$1" "https://agentctl-search-node:${searchPort}/$2" -d "$3" -o /dev/null -w '%{http_code}\\n'`,
    '}',
    'for attempt in $(seq 60); do',
    `  [ "$(ask PUT _snapshot/gcs '${repository}' 2> /dev/null)" = 200 ] && break`,
    '  sleep 10',
    'done',
    // 409: it is there.
    `ask POST _plugins/_sm/policies/six-hourly '${policy}'`,
    '',
  ].join('\n');
}
