import {
  ComputeSecurityPolicy,
  type ComputeSecurityPolicyRule,
} from '@cdktf/provider-google/lib/compute-security-policy/index.js';
import type { ITerraformDependable } from 'cdktf';
import { Construct } from 'constructs';
import { assertProps } from '../../checks/assert-props.js';
import { isWholeNumber } from '../../checks/whole-number.js';
import { applyTransform, type Transform } from '../transform.js';

/** Props of {@link SecurityPolicy}. */
export interface SecurityPolicyProps {
  /** 1 to 63 lower-case letters, digits and hyphens. */
  readonly policyName: string;
  /** Requests that one address may send in a minute. @default 2000 */
  readonly requestsPerMinute?: number;
  /** Rules between the preconfigured ones and the default; priorities from 5000. @default none */
  readonly rules?: readonly ComputeSecurityPolicyRule[];
  /** What has to be there first. @default none */
  readonly dependsOn?: readonly ITerraformDependable[];
  /** @default none */
  readonly transform?: Transform;
}

/** Google Cloud Armor, "Preconfigured WAF rules": what attacks look like, at the level with few false alarms. */
const preconfigured = [
  'sqli',
  'xss',
  'lfi',
  'rfi',
  'rce',
  'protocolattack',
  'sessionfixation',
  'scannerdetection',
] as const;
const everybody = { versionedExpr: 'SRC_IPS_V1', config: { srcIpRanges: ['*'] } };
/** Google Cloud Armor, "Security policies", default rule: the lowest priority there is, and it has to be there. */
const defaultPriority = 2_147_483_647;

/** Cloud Armor in front of a load balancer: known attacks are refused, and who asks too often has to wait. */
export class SecurityPolicy extends Construct {
  readonly policy: ComputeSecurityPolicy;

  constructor(scope: Construct, id: string, props: SecurityPolicyProps) {
    super(scope, id);
    const { requestsPerMinute = 2000, rules = [] } = props;
    const own = rules.map(({ priority }) => priority);
    assertProps(this, [
      !isWholeNumber(requestsPerMinute, 1, 1_000_000) &&
        `requestsPerMinute is ${requestsPerMinute}, not a whole number from 1`,
      new Set(own).size < own.length && 'two rules have the same priority',
      own.some((priority) => !isWholeNumber(priority, 5000, defaultPriority - 1)) &&
        'the priority of a rule is below 5000',
    ]);
    this.policy = new ComputeSecurityPolicy(this, 'Policy', {
      name: props.policyName,
      type: 'CLOUD_ARMOR',
      ...(props.dependsOn === undefined ? {} : { dependsOn: [...props.dependsOn] }),
      adaptiveProtectionConfig: { layer7DdosDefenseConfig: { enable: true } },
      advancedOptionsConfig: { jsonParsing: 'STANDARD', logLevel: 'NORMAL' },
      rule: [
        ...preconfigured.map((name, index) => refused(1000 + index * 10, `${name}-v33-stable`, name)),
        // Log4j and its like (CKV_GCP_73, GCP-0039).
        refused(2000, 'cve-canary', 'known vulnerabilities'),
        {
          description: 'one address, too many requests',
          action: 'throttle',
          priority: 3000,
          match: everybody,
          rateLimitOptions: {
            conformAction: 'allow',
            exceedAction: 'deny(429)',
            enforceOnKey: 'IP',
            rateLimitThreshold: { count: requestsPerMinute, intervalSec: 60 },
          },
        },
        ...rules,
        { description: 'everybody else', action: 'allow', priority: defaultPriority, match: everybody },
      ],
    });
    applyTransform(this, props.transform);
  }
}

function refused(priority: number, set: string, description: string): ComputeSecurityPolicyRule {
  const expression = `evaluatePreconfiguredWaf('${set}', {'sensitivity': 1})`;
  return { description, action: 'deny(403)', priority, match: { expr: { expression } } };
}
