import type * as elbv2 from 'aws-cdk-lib/aws-elasticloadbalancingv2';
import type * as kms from 'aws-cdk-lib/aws-kms';
import * as logs from 'aws-cdk-lib/aws-logs';
import * as wafv2 from 'aws-cdk-lib/aws-wafv2';
import { ArnFormat, Aws, Fn, RemovalPolicy, Stack } from 'aws-cdk-lib/core';
import { Construct } from 'constructs';
import { constructError } from '../construct-error.js';
import { applyTransform, type Transform } from '../transform.js';

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
  readonly webAcl: wafv2.CfnWebACL;
  readonly logGroup: logs.LogGroup;

  constructor(scope: Construct, id: string, props: WebAclProps) {
    super(scope, id);
    const { requestsPerAddress = 2000, logRetention = logs.RetentionDays.ONE_YEAR, encryptionKey } = props;
    // RateBasedStatement of the AWS WAF API.
    if (!Number.isInteger(requestsPerAddress) || requestsPerAddress < 10 || requestsPerAddress > 2_000_000_000)
      throw constructError(
        this,
        `requestsPerAddress is ${requestsPerAddress}, not a whole number from 10 to 2000000000`,
      );
    this.webAcl = new wafv2.CfnWebACL(this, 'WebAcl', {
      scope: 'REGIONAL',
      defaultAction: { allow: {} },
      visibilityConfig: visibility('all'),
      rules: [
        managedRules(0, 'AWSManagedRulesAmazonIpReputationList'),
        managedRules(1, 'AWSManagedRulesKnownBadInputsRuleSet'),
        managedRules(2, 'AWSManagedRulesCommonRuleSet', countedRules),
        rateLimit(3, requestsPerAddress),
      ],
    });
    new wafv2.CfnWebACLAssociation(this, 'Association', {
      resourceArn: props.loadBalancer.loadBalancerArn,
      webAclArn: this.webAcl.attrArn,
    });
    this.logGroup = new logs.LogGroup(this, 'Logs', {
      logGroupName: logGroupName(this),
      retention: logRetention,
      ...(encryptionKey === undefined ? {} : { encryptionKey }),
      removalPolicy: RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE,
    });
    new wafv2.CfnLoggingConfiguration(this, 'Logging', {
      resourceArn: this.webAcl.attrArn,
      logDestinationConfigs: [logGroupArn(this.logGroup)],
      redactedFields: ['authorization', 'cookie'].map((name) => ({ singleHeader: { Name: name } })),
    });
    applyTransform(this, props.transform);
  }
}

/**
 * Only counted: the first blocks bodies of more than 8 KB, which most prompts with some context are; the second takes the
 * markup and code in prompts for an attack.
 */
const countedRules = ['SizeRestrictions_BODY', 'CrossSiteScripting_BODY'];

function managedRules(priority: number, name: string, counted: readonly string[] = []): wafv2.CfnWebACL.RuleProperty {
  return {
    name,
    priority,
    overrideAction: { none: {} },
    statement: {
      managedRuleGroupStatement: {
        vendorName: 'AWS',
        name,
        ...(counted.length === 0
          ? {}
          : { ruleActionOverrides: counted.map((rule) => ({ name: rule, actionToUse: { count: {} } })) }),
      },
    },
    visibilityConfig: visibility(name),
  };
}

function rateLimit(priority: number, limit: number): wafv2.CfnWebACL.RuleProperty {
  return {
    name: 'RateLimit',
    priority,
    action: { block: { customResponse: { responseCode: 429 } } },
    statement: { rateBasedStatement: { limit, aggregateKeyType: 'IP', evaluationWindowSec: 300 } },
    visibilityConfig: visibility('RateLimit'),
  };
}

function visibility(metricName: string): wafv2.CfnWebACL.VisibilityConfigProperty {
  return { metricName, cloudWatchMetricsEnabled: true, sampledRequestsEnabled: true };
}

/** WAF writes only to groups with this beginning. The stack's own id keeps a group that stayed from being in the way. */
function logGroupName(scope: Construct): string {
  return Fn.join('-', ['aws-waf-logs', Aws.STACK_NAME, scope.node.addr.slice(-6), stackUuid]);
}

/** `arn:…:stack/NAME/UUID` → `UUID`. */
const stackUuid = Fn.select(2, Fn.split('/', Aws.STACK_ID));

/** WAF takes the ARN without the `:*` that the resource has at its end. */
function logGroupArn(logGroup: logs.LogGroup): string {
  return Stack.of(logGroup).formatArn({
    service: 'logs',
    resource: 'log-group',
    resourceName: logGroup.logGroupName,
    arnFormat: ArnFormat.COLON_RESOURCE_NAME,
  });
}
