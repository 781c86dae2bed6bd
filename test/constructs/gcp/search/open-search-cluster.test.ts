import { execa } from 'execa';
import { describe, expect, test } from 'vitest';
import { OpenSearchCluster, type OpenSearchClusterProps, WorkloadIdentity } from '../../../../constructs/gcp/index.js';
import { bucketOf, project, surroundings, synthesizedTerraform } from '../../../support/synthesized-terraform.js';

const version = (secret: string) => ({ secret, version: '1' });

const cluster = (props: Partial<OpenSearchClusterProps> = {}) =>
  synthesizedTerraform((stack) => {
    new OpenSearchCluster(stack, 'Search', {
      ...surroundings(stack),
      name: 'support-search',
      identity: new WorkloadIdentity(stack, 'SearchIdentity', { project, accountId: 'support-search' }),
      secrets: {
        password: version('search-password'),
        caCertificate: version('search-ca'),
        nodeCertificate: version('search-node'),
        nodeKey: version('search-key'),
      },
      bucket: bucketOf(stack),
      zoneName: 'support.internal',
      ...props,
    });
  });

describe('three nodes', () => {
  const made = cluster();

  test('are in three zones, with disks of their own under fixed names', () => {
    expect(made.all('google_compute_instance').map(({ zone }) => zone)).toEqual([
      'us-central1-a',
      'us-central1-b',
      'us-central1-c',
    ]);
    for (const number of [1, 2, 3])
      expect(made.resources[`google_compute_disk.SearchData${number}`]).toMatchObject({
        lifecycle: { prevent_destroy: true },
      });
  });

  test('have no public address, a service account, Shielded VM, OS Login and no project keys (CKV_GCP_30 to 36, 39, 40)', () => {
    for (const machine of made.all('google_compute_instance')) {
      expect(machine).toMatchObject({
        can_ip_forward: false,
        deletion_protection: true,
        shielded_instance_config: { enable_secure_boot: true, enable_vtpm: true, enable_integrity_monitoring: true },
        metadata: { 'enable-oslogin': 'TRUE', 'block-project-ssh-keys': 'TRUE', 'serial-port-enable': 'FALSE' },
      });
      expect(JSON.stringify(machine['network_interface'])).not.toContain('access_config');
      expect(JSON.stringify(machine['service_account'])).toContain('google_service_account.');
    }
  });

  test('are reached by clients at 9200, and by each other', () => {
    const firewalls = made.all('google_compute_firewall');

    expect(firewalls).toHaveLength(3);
    expect(JSON.stringify(firewalls)).not.toContain('0.0.0.0/0');
    expect(firewalls).toContainEqual(
      expect.objectContaining({ source_ranges: ['10.10.0.0/24'], allow: [{ protocol: 'tcp', ports: ['9200'] }] }),
    );
  });

  test('their load balancer counts connections, the one mode it knows', () => {
    expect(JSON.stringify(made.only('google_compute_region_backend_service')['backend'])).toMatch(
      /^(\[\{"balancing_mode":"CONNECTION","group":"[^"]+"\},?)|(\{"balancing_mode":"CONNECTION","group":"[^"]+"\},?)+\]$/,
    );
  });

  test('what a machine runs at its start are scripts that bash can read, with references to addresses alone', async () => {
    const [machine] = made.all('google_compute_instance') as readonly [{ metadata: Record<string, string> }];
    const userData = machine.metadata['user-data'] ?? '';
    const references = [...userData.matchAll(/(?<!\$)\$\{([^}]*)\}/g)].map(([, reference = '']) => reference);
    const { write_files: files } = JSON.parse(userData.replace('#cloud-config\n', '')) as {
      write_files: { path: string; content: string }[];
    };

    expect(references.every((reference) => /^google_(compute_address|storage_bucket)\./.test(reference))).toBe(true);
    for (const { path, content } of files.filter((file) => file.path.endsWith('.sh'))) {
      const script = content.replaceAll('$${', () => '${').replaceAll('%%{', () => '%{');
      const checked = await execa('bash', ['-n'], { input: script, reject: false });
      expect({ path, stderr: checked.stderr }).toEqual({ path, stderr: '' });
    }
    expect(userData).not.toContain('demo');
  });

  test('the first node alone asks for snapshots', () => {
    const userData = made
      .all('google_compute_instance')
      .map(({ metadata }) => (metadata as Record<string, string>)['user-data']);

    expect(userData.map((text) => text?.includes('_plugins/_sm/policies'))).toEqual([true, false, false]);
  });
});

test.each<[Partial<OpenSearchClusterProps>, string]>([
  [{ nodes: 2 }, 'nodes 2 is not 1, or 3 to 9'],
  [{ version: '3' }, 'version "3" is not one such as 2.19.1'],
  [{ machineType: 'large' }, 'machineType "large" is not one such as e2-standard-4'],
  [{ snapshotRetentionDays: 0 }, 'snapshotRetentionDays 0 is not 1 to 365'],
])('%j is refused, by the path of the construct', (props, message) => {
  expect(() => cluster(props)).toThrow(`Test/Search: ${message}`);
});
