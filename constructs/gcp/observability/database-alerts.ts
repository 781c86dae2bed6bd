import { Construct } from 'constructs';
import { applyTransform, type Transform } from '../transform.js';
import { MetricAlert } from './metric-alert.js';

/** Props of {@link DatabaseAlerts}. */
export interface DatabaseAlertsProps {
  readonly project: string;
  readonly instanceName: string;
  readonly maxConnections: number;
  /** Ids of notification channels. @default none: alerts are seen in the console only */
  readonly channels?: readonly string[];
  /** @default none */
  readonly transform?: Transform;
}

/** CPU, memory, disk, connections. Google Cloud metrics, cloudsql. */
export class DatabaseAlerts extends Construct {
  readonly alerts: readonly MetricAlert[];

  constructor(scope: Construct, id: string, props: DatabaseAlertsProps) {
    super(scope, id);
    const { project, instanceName, maxConnections, channels = [] } = props;
    const filter = (metric: string): string =>
      `metric.type="cloudsql.googleapis.com/database/${metric}" AND resource.type="cloudsql_database" AND resource.labels.database_id="${project}:${instanceName}"`;
    const rows = [
      ['Cpu', 'cpu/utilization', 0.85, 15, 'CPU is above 85 %: look at the slowest queries, or take a larger tier.'],
      ['Memory', 'memory/utilization', 0.9, 15, 'Memory is above 90 %: take a larger tier.'],
      ['Disk', 'disk/utilization', 0.9, 15, 'The disk is above 90 %, and grows on its own up to its limit.'],
      [
        'Connections',
        'postgresql/num_backends',
        Math.floor(maxConnections * 0.85),
        5,
        'Soon no connection is left: lower pools, or use the pooler.',
      ],
    ] as const;
    this.alerts = rows.map(
      ([name, metric, threshold, minutes, documentation]) =>
        new MetricAlert(this, name, {
          displayName: `${instanceName}: ${name.toLowerCase()}`,
          documentation,
          filter: filter(metric),
          threshold,
          minutes,
          channels,
          ...(name === 'Connections' ? { reduce: 'REDUCE_SUM' } : {}),
          severity: 'ERROR',
        }),
    );
    applyTransform(this, props.transform);
  }
}
