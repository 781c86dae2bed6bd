import { describe, expect, test } from 'vitest';
import {
  PublicAddress,
  type PublicAddressProps,
  PublicLoadBalancer,
  type PublicLoadBalancerProps,
} from '../../../../constructs/gcp/index.js';
import { routeRules } from '../../../../constructs/gcp/load-balancer/route-rules.js';
import { region, synthesizedTerraform } from '../../../support/synthesized-terraform.js';

const header = { name: 'x-agentctl-candidate', value: 'abc' };
const api = { id: 'api', serviceName: 'support-api', paths: ['/'] };

const loadBalancer = (props: Partial<PublicLoadBalancerProps> = {}) =>
  synthesizedTerraform(
    (stack) =>
      void new PublicLoadBalancer(stack, 'LoadBalancer', {
        region,
        name: 'support',
        address: '203.0.113.1',
        securityPolicyId: 'policy',
        services: [api],
        tls: { certificateId: 'certificate', sslPolicyId: 'tls' },
        candidate: header,
        ...props,
      }),
  );

describe('a load balancer', () => {
  const made = loadBalancer();

  test('is of one scheme throughout, and its backends have nothing that a serverless one may not have', () => {
    for (const rule of made.all('google_compute_global_forwarding_rule'))
      expect(rule).toMatchObject({ load_balancing_scheme: 'EXTERNAL_MANAGED' });
    for (const backend of made.all('google_compute_backend_service')) {
      expect(backend).toMatchObject({ load_balancing_scheme: 'EXTERNAL_MANAGED', security_policy: 'policy' });
      for (const refused of ['health_checks', 'timeout_sec', 'port_name']) expect(backend).not.toHaveProperty(refused);
      expect(JSON.stringify(backend)).not.toContain('balancing_mode');
    }
  });

  test('answers HTTPS, and sends plain HTTP there (CKV2_GCP_37, CKV2_GCP_38)', () => {
    expect(made.only('google_compute_target_https_proxy')).toMatchObject({ ssl_policy: 'tls' });
    expect(made.all('google_compute_global_forwarding_rule').map(({ port_range }) => port_range)).toEqual([
      '80',
      '443',
    ]);
    expect(made.all('google_compute_url_map')).toContainEqual(
      expect.objectContaining({
        default_url_redirect: expect.objectContaining({ https_redirect: true, strip_query: false }),
      }),
    );
  });

  test('has a lane to the revision that is to be looked at', () => {
    expect(made.all('google_compute_region_network_endpoint_group').map(({ cloud_run }) => cloud_run)).toEqual([
      { service: 'support-api', tag: 'candidate' },
      { service: 'support-api' },
    ]);
  });
});

test('without a certificate it answers plain HTTP, and nothing else', () => {
  const made = synthesizedTerraform(
    (stack) =>
      void new PublicLoadBalancer(stack, 'LoadBalancer', {
        region,
        name: 'support',
        address: '203.0.113.1',
        securityPolicyId: 'policy',
        services: [api],
      }),
  );

  expect(made.only('google_compute_global_forwarding_rule')).toMatchObject({ port_range: '80' });
  expect(made.all('google_compute_target_https_proxy')).toEqual([]);
});

test('the longest path comes first, and of each the one with the header', () => {
  const rules = routeRules(
    [
      { path: '/', service: 'web', candidate: 'web-next' },
      { path: '/api/', service: 'api' },
    ],
    header,
  );

  expect(rules).toEqual([
    { priority: 10, service: 'api', matchRules: [{ fullPathMatch: '/api' }, { prefixMatch: '/api/' }] },
    {
      priority: 15,
      service: 'web-next',
      matchRules: [{ prefixMatch: '/', headerMatches: [{ headerName: header.name, exactMatch: 'abc' }] }],
    },
    { priority: 20, service: 'web', matchRules: [{ prefixMatch: '/' }] },
  ]);
});

test.each<[Partial<PublicLoadBalancerProps>, string]>([
  [{ services: [] }, 'it has no services'],
  [{ services: [api, { ...api, id: 'other' }] }, 'two services have the same path'],
  [{ services: [{ ...api, paths: ['api'] }] }, 'path "api" does not begin with /'],
  [{ candidate: { name: 'X-Candidate', value: 'a' } }, 'header "X-Candidate" is not lower case'],
])('%j is refused, by the path of the construct', (props, message) => {
  expect(() => loadBalancer(props)).toThrow(`Test/LoadBalancer: ${message}`);
});

describe('an address', () => {
  const address = (props: Partial<PublicAddressProps> = {}) =>
    synthesizedTerraform((stack) => void new PublicAddress(stack, 'Address', { name: 'support', ...props }));

  test('has a certificate whose name changes with the host, a TLS policy and a record (CKV_GCP_4)', () => {
    const [one, other] = ['a.example.com', 'b.example.com'].map((hostName) => address({ hostName, dnsZone: 'zone' }));

    expect(one?.only('google_compute_ssl_policy')).toMatchObject({ profile: 'MODERN', min_tls_version: 'TLS_1_2' });
    expect(one?.only('google_compute_managed_ssl_certificate')).toMatchObject({
      managed: { domains: ['a.example.com.'] },
      lifecycle: { create_before_destroy: true },
    });
    expect(one?.only('google_compute_managed_ssl_certificate')['name']).not.toEqual(
      other?.only('google_compute_managed_ssl_certificate')['name'],
    );
    expect(one?.only('google_dns_record_set')).toMatchObject({ managed_zone: 'zone', name: 'a.example.com.' });
  });

  test('Cloud Armor has its default rule, each priority once, and looks for Log4j (CKV_GCP_73)', () => {
    const { rule } = address().only('google_compute_security_policy') as { rule: readonly { priority: number }[] };
    const priorities = rule.map(({ priority }) => priority);

    expect(new Set(priorities).size).toBe(priorities.length);
    expect(priorities.at(-1)).toBe(2_147_483_647);
    expect(JSON.stringify(rule)).toContain("evaluatePreconfiguredWaf('cve-canary'");
  });

  test('a wildcard is refused, as a managed certificate cannot have one', () => {
    expect(() => address({ hostName: '*.example.com' })).toThrow(
      'Test/Address: hostName "*.example.com" has a wildcard',
    );
  });
});
