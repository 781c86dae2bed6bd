import * as route53 from 'aws-cdk-lib/aws-route53';
import { describe, expect, test } from 'vitest';
import { PublicLoadBalancer, type PublicLoadBalancerProps } from '../../../../constructs/aws/index.js';
import { helpers, synthesizedStack } from '../../../support/synthesized-stack.js';
import { taskVpc } from '../../../support/task-surroundings.js';

const certificateArn = 'arn:aws:acm:us-east-1:123456789012:certificate/00000000-0000-0000-0000-000000000000';

function loadBalancer(props: Partial<PublicLoadBalancerProps>) {
  let url = '';
  const made = synthesizedStack((stack) => {
    ({ url } = new PublicLoadBalancer(stack, 'Entry', { vpc: taskVpc(stack), ...props }));
  });
  return { ...made, url };
}

function attributes(made: ReturnType<typeof loadBalancer>): Record<string, unknown> {
  const list = made.only('AWS::ElasticLoadBalancingV2::LoadBalancer')['LoadBalancerAttributes'];
  return Object.fromEntries((list as { Key: string; Value: unknown }[]).map(({ Key, Value }) => [Key, Value]));
}

test('with a domain the listener of plain HTTP becomes the redirect: a second one could not have its port', () => {
  const plain = loadBalancer({ allowPlainHttp: true });
  const secure = loadBalancer({ certificateArn, hostName: 'agent.example.com' });
  const onPort80 = ({ resources }: ReturnType<typeof loadBalancer>) =>
    Object.keys(resources).filter((id) => resources[id]?.Properties?.['Port'] === 80);

  expect(onPort80(plain)).toHaveLength(1);
  expect(onPort80(secure)).toEqual(onPort80(plain));
});

describe('with a certificate', () => {
  const made = loadBalancer({ certificateArn, hostName: 'agent.example.com' });

  test('serves HTTPS only, with a post-quantum policy; what no route matches is a 404 (CKV_AWS_2, CKV_AWS_103)', () => {
    const listeners = made.all('AWS::ElasticLoadBalancingV2::Listener');
    expect(listeners.toSorted((one, other) => Number(other['Port']) - Number(one['Port']))).toMatchObject([
      {
        Port: 443,
        Protocol: 'HTTPS',
        SslPolicy: 'ELBSecurityPolicy-TLS13-1-2-Res-PQ-2025-09',
        Certificates: [{ CertificateArn: certificateArn }],
        DefaultActions: [{ Type: 'fixed-response', FixedResponseConfig: { StatusCode: '404' } }],
      },
      { Port: 80, DefaultActions: [{ RedirectConfig: { Protocol: 'HTTPS', StatusCode: 'HTTP_301' } }] },
    ]);
    expect(made.url).toBe('https://agent.example.com');
  });

  test('is kept from deletion, waits for streams, drops bad headers, and logs (ELB2, CKV_AWS_131, CKV_AWS_91)', () => {
    expect(attributes(made)).toMatchObject({
      'deletion_protection.enabled': 'true',
      'idle_timeout.timeout_seconds': '300',
      'routing.http.drop_invalid_header_fields.enabled': 'true',
      'routing.http.desync_mitigation_mode': 'defensive',
      'access_logs.s3.enabled': 'true',
      'connection_logs.s3.enabled': 'true',
    });
  });

  test('AWS may write its logs below the account only', () => {
    const statements = JSON.stringify(made.only('AWS::S3::BucketPolicy'));
    expect(statements).toContain('"Service":"logdelivery.elasticloadbalancing.amazonaws.com"');
    expect(statements).toContain('"/access/AWSLogs/",{"Ref":"AWS::AccountId"},"/*"');
  });

  test('has a firewall that limits addresses and only counts what prompts look like', () => {
    const rules = made.only('AWS::WAFv2::WebACL')['Rules'] as Record<string, unknown>[];
    expect(rules.map(({ Name }) => Name)).toEqual([
      'AWSManagedRulesAmazonIpReputationList',
      'AWSManagedRulesKnownBadInputsRuleSet',
      'AWSManagedRulesCommonRuleSet',
      'RateLimit',
    ]);
    expect(rules[2]).toMatchObject({
      Statement: {
        ManagedRuleGroupStatement: {
          RuleActionOverrides: [
            { Name: 'SizeRestrictions_BODY', ActionToUse: { Count: {} } },
            { Name: 'CrossSiteScripting_BODY', ActionToUse: { Count: {} } },
          ],
        },
      },
    });
    expect(rules[3]).toMatchObject({ Statement: { RateBasedStatement: { Limit: 2000, EvaluationWindowSec: 300 } } });
    expect(made.all('AWS::WAFv2::WebACLAssociation')).toHaveLength(1);
  });

  test('the firewall writes no authorization and no cookie to its log', () => {
    expect(made.only('AWS::WAFv2::LoggingConfiguration')).toMatchObject({
      RedactedFields: [{ SingleHeader: { Name: 'authorization' } }, { SingleHeader: { Name: 'cookie' } }],
    });
  });

  test('has one finding of cdk-nag with a reason, and runs no code behind the scenes', () => {
    expect(made.findings).toEqual([]);
    expect(made.acknowledged).toEqual(['AwsSolutions-EC23']);
    expect(helpers(made)).toEqual([]);
  });
});

test('a zone gets the record and proves the certificate', () => {
  const made = synthesizedStack((stack) => {
    const hostedZone = route53.HostedZone.fromHostedZoneId(stack, 'Zone', 'Z0123456789');
    new PublicLoadBalancer(stack, 'Entry', { vpc: taskVpc(stack), hostName: 'agent.example.com', hostedZone });
  });
  expect(made.only('AWS::CertificateManager::Certificate')).toMatchObject({
    DomainName: 'agent.example.com',
    ValidationMethod: 'DNS',
  });
  expect(made.only('AWS::Route53::RecordSet')).toMatchObject({
    Name: 'agent.example.com.',
    HostedZoneId: 'Z0123456789',
  });
});

test('plain HTTP, when it is asked for: one listener, nothing that redirects, an http URL', () => {
  const made = loadBalancer({ allowPlainHttp: true, hostName: 'agent.example.com' });
  expect(made.only('AWS::ElasticLoadBalancingV2::Listener')).toMatchObject({
    Port: 80,
    Protocol: 'HTTP',
    DefaultActions: [{ Type: 'fixed-response' }],
  });
  expect(made.url).toBe('http://agent.example.com');
  const ingress = made.only('AWS::EC2::SecurityGroup')['SecurityGroupIngress'] as { FromPort: number }[];
  expect(ingress.map(({ FromPort }) => FromPort)).toEqual([80]);
});

test('plain HTTP is not what comes of a certificate and allowPlainHttp', () => {
  expect(loadBalancer({ allowPlainHttp: true, certificateArn }).url).toMatch(/^https:/);
});

test.each<[Partial<PublicLoadBalancerProps>, string]>([
  [{}, 'Test/Entry: HTTPS needs certificateArn, or hostName and hostedZone'],
  [{ hostName: 'agent.example.com' }, 'Test/Entry: HTTPS needs certificateArn, or hostName and hostedZone'],
  [{ certificateArn, requestsPerAddress: 5 }, 'Test/Entry/Firewall: requestsPerAddress is 5'],
])('%j is refused, by the path of the construct', (props, message) => {
  expect(() => loadBalancer(props)).toThrow(message);
});

test('a zone without a host name is refused', () => {
  expect(() =>
    synthesizedStack((stack) => {
      const hostedZone = route53.HostedZone.fromHostedZoneId(stack, 'Zone', 'Z0123456789');
      new PublicLoadBalancer(stack, 'Entry', { vpc: taskVpc(stack), hostedZone });
    }),
  ).toThrow('Test/Entry: hostedZone needs hostName');
});
