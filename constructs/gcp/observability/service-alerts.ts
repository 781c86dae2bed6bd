import { Construct } from 'constructs';
import { applyTransform, type Transform } from '../transform.js';
import { LogMetric } from './log-metric.js';
import { MetricAlert } from './metric-alert.js';

/** Props of {@link ServiceAlerts}. */
export interface ServiceAlertsProps {
  readonly serviceName: string;
  /** A worker has no requests. @default true */
  readonly hasRequests?: boolean;
  /** Milliseconds that 95 of 100 requests take at most. @default 5000 */
  readonly slowMilliseconds?: number;
  /** Ids of notification channels. @default none: alerts are seen in the console only */
  readonly channels?: readonly string[];
  /** @default none */
  readonly transform?: Transform;
}

/** Errors, slow answers, full memory, lines of severity ERROR. Google Cloud metrics, run. */
export class ServiceAlerts extends Construct {
  readonly alerts: readonly MetricAlert[];
  readonly errors: LogMetric;

  constructor(scope: Construct, id: string, props: ServiceAlertsProps) {
    super(scope, id);
    const { serviceName, hasRequests = true, slowMilliseconds = 5000, channels = [] } = props;
    const [resource, label] = hasRequests
      ? ['cloud_run_revision', 'service_name']
      : ['cloud_run_worker_pool', 'worker_pool_name'];
    const of = (metric: string): string =>
      `metric.type="run.googleapis.com/${metric}" AND resource.type="${resource}" AND resource.labels.${label}="${serviceName}"`;
    this.errors = new LogMetric(this, 'Errors', {
      metricName: `${serviceName}/errors`,
      filter: `resource.type="${resource}" AND resource.labels.${label}="${serviceName}" AND severity>=ERROR`,
      description: `What ${serviceName} logs as an error`,
    });
    this.alerts = [
      ...(hasRequests ? this.requestAlerts(of, serviceName, slowMilliseconds, channels) : []),
      new MetricAlert(this, 'Memory', {
        displayName: `${serviceName}: memory`,
        documentation: 'Memory is above 90 %: what needs more is killed. Raise size.memory.',
        filter: of('container/memory/utilizations'),
        threshold: 0.9,
        align: 'ALIGN_PERCENTILE_99',
        reduce: 'REDUCE_MAX',
        minutes: 10,
        channels,
      }),
    ];
    applyTransform(this, props.transform);
  }

  private requestAlerts(
    of: (metric: string) => string,
    serviceName: string,
    slowMilliseconds: number,
    channels: readonly string[],
  ): readonly MetricAlert[] {
    return [
      new MetricAlert(this, 'ServerErrors', {
        displayName: `${serviceName}: 5xx`,
        documentation:
          'More than one answer a second is a server error. `agentctl logs`, and `agentctl rollback` if it is the release.',
        filter: `${of('request_count')} AND metric.labels.response_code_class="5xx"`,
        threshold: 1,
        align: 'ALIGN_RATE',
        reduce: 'REDUCE_SUM',
        channels,
        severity: 'ERROR',
      }),
      new MetricAlert(this, 'Slow', {
        displayName: `${serviceName}: slow`,
        documentation: `Of 100 requests, 5 take longer than ${slowMilliseconds} ms.`,
        filter: of('request_latencies'),
        threshold: slowMilliseconds,
        align: 'ALIGN_PERCENTILE_95',
        reduce: 'REDUCE_MAX',
        minutes: 10,
        channels,
      }),
    ];
  }
}
