import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import * as iam from 'aws-cdk-lib/aws-iam';
import { Duration, Validations } from 'aws-cdk-lib/core';
import { Construct, type IConstruct } from 'constructs';
import { constructError } from '../construct-error.js';

/** Props of {@link MetricNamespace}. */
export interface MetricNamespaceProps {
  /** Such as `Agent/StateManagement`; not one of AWS's own. */
  readonly namespace: string;
  /** Names of the metrics that the application publishes. @default - none are shown */
  readonly metricNames?: readonly string[];
}

/** Where the application publishes metrics of its own. */
export class MetricNamespace extends Construct {
  readonly namespace: string;
  readonly metrics: readonly cloudwatch.Metric[];

  constructor(scope: Construct, id: string, { namespace, metricNames = [] }: MetricNamespaceProps) {
    super(scope, id);
    // PutMetricData in the CloudWatch API.
    if (!/^[A-Za-z0-9._/#:-]{1,255}$/.test(namespace) || namespace.startsWith('AWS/'))
      throw constructError(
        this,
        `namespace is "${namespace}"; use letters, digits and ._/#:- and not AWS/ at its start`,
      );
    this.namespace = namespace;
    this.metrics = metricNames.map(
      (metricName) => new cloudwatch.Metric({ namespace, metricName, period: Duration.minutes(1) }),
    );
  }

  /** Lets a role publish into this namespace, and no other. */
  grantPublish(role: iam.IRole & IConstruct): void {
    role.addToPrincipalPolicy(
      new iam.PolicyStatement({
        sid: 'PublishMetrics',
        actions: ['cloudwatch:PutMetricData'],
        resources: ['*'],
        conditions: { StringEquals: { 'cloudwatch:namespace': this.namespace } },
      }),
    );
    Validations.of(role).acknowledge({
      id: 'AwsSolutions-IAM5[Resource::*]',
      reason: 'cloudwatch:PutMetricData has no resource to name; a condition names the namespace.',
    });
  }
}
