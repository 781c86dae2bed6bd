import { Construct } from 'constructs';
import { applyTransform, type Transform } from '../transform.js';
import { MetricAlert } from './metric-alert.js';

/** Props of {@link CacheAlerts}. */
export interface CacheAlertsProps {
  readonly project: string;
  readonly region: string;
  readonly instanceName: string;
  /** Ids of notification channels. @default none: alerts are seen in the console only */
  readonly channels?: readonly string[];
  /** @default none */
  readonly transform?: Transform;
}

/** Memory and refused connections. Google Cloud metrics, redis. */
export class CacheAlerts extends Construct {
  readonly alerts: readonly MetricAlert[];

  constructor(scope: Construct, id: string, props: CacheAlertsProps) {
    super(scope, id);
    const { project, region, instanceName, channels = [] } = props;
    const instance = `projects/${project}/locations/${region}/instances/${instanceName}`;
    const filter = (metric: string): string =>
      `metric.type="redis.googleapis.com/${metric}" AND resource.type="redis_instance" AND resource.labels.instance_id="${instance}"`;
    this.alerts = [
      new MetricAlert(this, 'Memory', {
        displayName: `${instanceName}: memory`,
        documentation: 'Memory is above 85 %: a queue refuses to write when it is full, a cache drops what is old.',
        filter: filter('stats/memory/usage_ratio'),
        threshold: 0.85,
        minutes: 10,
        channels,
        severity: 'ERROR',
      }),
      new MetricAlert(this, 'Rejected', {
        displayName: `${instanceName}: rejected connections`,
        documentation: 'Redis turned connections away: clients open too many of them.',
        filter: filter('stats/reject_connections_count'),
        threshold: 0,
        align: 'ALIGN_DELTA',
        channels,
      }),
    ];
    applyTransform(this, props.transform);
  }
}
