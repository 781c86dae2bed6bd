import type * as elbv2 from 'aws-cdk-lib/aws-elasticloadbalancingv2';
import type * as kms from 'aws-cdk-lib/aws-kms';
import type * as logs from 'aws-cdk-lib/aws-logs';
import type * as wafv2 from 'aws-cdk-lib/aws-wafv2';
import { Construct } from 'constructs';
import type { Transform } from '../transform.js';

/** Props of {@link WebAcl}. */
export interface WebAclProps {
  readonly loadBalancer: elbv2.IApplicationLoadBalancer;
  /** Requests one address may make in five minutes. @default 2000 */
  readonly requestsPerAddress?: number;
  /** How long requests are logged. @default ONE_YEAR */
  readonly logRetention?: logs.RetentionDays;
  /** Encrypts the log. @default - a key that AWS manages */
  readonly encryptionKey?: kms.IKey;
  /** Changes to the CloudFormation resources. @default - none */
  readonly transform?: Transform;
}

/** What a web application firewall lets through to a load balancer, and its log. */
export class WebAcl extends Construct {
  readonly webAcl!: wafv2.CfnWebACL;
  readonly logGroup!: logs.LogGroup;

  constructor(scope: Construct, id: string, _props: WebAclProps) {
    super(scope, id);
  }
}
