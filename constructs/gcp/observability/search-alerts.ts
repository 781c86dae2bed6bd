import { Construct } from 'constructs';
import { applyTransform, type Transform } from '../transform.js';
import { LogMetric } from './log-metric.js';
import { MetricAlert } from './metric-alert.js';

/** Props of {@link SearchAlerts}. */
export interface SearchAlertsProps {
  /** What the names of the machines begin with. */
  readonly clusterName: string;
  /** Ids of notification channels. @default none: alerts are seen in the console only */
  readonly channels?: readonly string[];
  /** @default none */
  readonly transform?: Transform;
}

/** CPU of the machines, and what OpenSearch itself logs as an error, such as a disk that is almost full. */
export class SearchAlerts extends Construct {
  readonly alerts: readonly MetricAlert[];
  readonly errors: LogMetric;

  constructor(scope: Construct, id: string, props: SearchAlertsProps) {
    super(scope, id);
    const { clusterName, channels = [] } = props;
    this.errors = new LogMetric(this, 'Errors', {
      metricName: `${clusterName}/errors`,
      filter: `resource.type="gce_instance" AND jsonPayload.container.name="/opensearch" AND jsonPayload.instance.name=~"^${clusterName}-" AND (jsonPayload.message:"[ERROR]" OR jsonPayload.message:"disk watermark")`,
      description: `Errors and full disks of ${clusterName}`,
    });
    this.alerts = [
      new MetricAlert(this, 'Cpu', {
        displayName: `${clusterName}: CPU`,
        documentation: 'A search node is above 85 %: take larger machines, or more of them.',
        filter: `metric.type="compute.googleapis.com/instance/cpu/utilization" AND resource.type="gce_instance" AND metric.labels.instance_name=starts_with("${clusterName}-")`,
        threshold: 0.85,
        minutes: 15,
        channels,
      }),
      new MetricAlert(this, 'Logged', {
        displayName: `${clusterName}: errors`,
        documentation: 'OpenSearch logs errors, or that a disk is almost full.',
        filter: `metric.type="${this.errors.metricType}" AND resource.type="gce_instance"`,
        threshold: 5,
        align: 'ALIGN_DELTA',
        reduce: 'REDUCE_SUM',
        channels,
        severity: 'ERROR',
      }),
    ];
    applyTransform(this, props.transform);
  }
}
