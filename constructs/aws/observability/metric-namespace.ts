import type * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import type * as iam from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';

/** Props of {@link MetricNamespace}. */
export interface MetricNamespaceProps {
  /** Such as `Agent/StateManagement`; not one of AWS's own. */
  readonly namespace: string;
  /** Names of the metrics that the application publishes. @default - none are shown */
  readonly metricNames?: readonly string[];
}

/** Where the application publishes metrics of its own. */
export class MetricNamespace extends Construct {
  readonly namespace!: string;
  readonly metrics!: readonly cloudwatch.Metric[];

  constructor(scope: Construct, id: string, _props: MetricNamespaceProps) {
    super(scope, id);
  }

  /** Lets somebody publish into this namespace, and no other. */
  grantPublish(_grantee: iam.IGrantable): iam.Grant {
    throw new Error('not built yet');
  }
}
