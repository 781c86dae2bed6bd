import { expect, test } from 'vitest';
import { AgentNetwork, type AgentNetworkProps } from '../../../../constructs/gcp/index.js';
import { parseRange, rangesOverlap } from '../../../../constructs/gcp/network/ip-range.js';
import { project, region, synthesizedTerraform } from '../../../support/synthesized-terraform.js';

const network = (props: Partial<AgentNetworkProps> = {}) =>
  synthesizedTerraform(
    (stack) => void new AgentNetwork(stack, 'Network', { project, region, name: 'support', ...props }),
  );

test('has no subnetworks but its own, with logs and private access to Google (CKV_GCP_26, CKV_GCP_74)', () => {
  const made = network();

  expect(made.only('google_compute_network')).toMatchObject({ auto_create_subnetworks: false });
  expect(made.all('google_compute_subnetwork')).toHaveLength(2);
  for (const subnetwork of made.all('google_compute_subnetwork'))
    expect(subnetwork).toMatchObject({ private_ip_google_access: true, log_config: { flow_sampling: 0.5 } });
});

test('keeps the connection for databases when it goes, as Google holds on to it for hours', () => {
  const made = network();

  expect(made.only('google_service_networking_connection')).toMatchObject({ deletion_policy: 'ABANDON' });
  expect(made.only('google_compute_global_address')).toMatchObject({
    purpose: 'VPC_PEERING',
    address_type: 'INTERNAL',
    address: '10.20.0.0',
    prefix_length: 16,
  });
});

test('run.app leads into the VPC, so that one service reaches another as internal', () => {
  expect(
    network()
      .all('google_dns_record_set')
      .map(({ name, type }) => `${String(name)} ${String(type)}`),
  ).toEqual(['run.app. A', '*.run.app. CNAME']);
});

test('an existing network is named, and nothing is made', () => {
  const made = network({ existing: { network: 'shared', subnetwork: 'run' } });

  expect(made.resources).toEqual({});
});

test.each<[Partial<AgentNetworkProps>, string]>([
  [{ runRange: '10.10.0.0/27' }, 'runRange 10.10.0.0/27 is smaller than the /26 that Cloud Run needs'],
  [{ runRange: '10.10.0.1/24' }, 'runRange "10.10.0.1/24" is not an IPv4 range such as 10.10.0.0/24'],
  [{ servicesRange: '10.10.0.0/16' }, 'runRange and servicesRange overlap; machineRange and servicesRange overlap'],
  [{ servicesRange: '10.20.0.0/25' }, 'servicesRange 10.20.0.0/25 is smaller than a /24'],
  [{ name: 'Support' }, 'name "Support" is not up to 46 lower-case letters, digits and hyphens'],
])('%j is refused, by the path of the construct', (props, message) => {
  expect(() => network(props)).toThrow(`Test/Network: ${message}`);
});

test('ranges', () => {
  expect(parseRange('10.0.0.0/8')).toEqual({ first: 10 * 2 ** 24, last: 11 * 2 ** 24 - 1, prefixLength: 8 });
  expect(parseRange('10.0.0.256/24')).toBeUndefined();
  expect(rangesOverlap('10.0.0.0/16', '10.0.255.0/24')).toBe(true);
  expect(rangesOverlap('10.0.0.0/16', '10.1.0.0/16')).toBe(false);
});
