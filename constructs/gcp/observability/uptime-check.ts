import { MonitoringAlertPolicy } from '@cdktf/provider-google/lib/monitoring-alert-policy/index.js';
import { MonitoringUptimeCheckConfig } from '@cdktf/provider-google/lib/monitoring-uptime-check-config/index.js';
import { Construct } from 'constructs';
import { assertProps } from '../../checks/assert-props.js';
import { applyTransform, type Transform } from '../transform.js';

/** Props of {@link UptimeCheck}. */
export interface UptimeCheckProps {
  readonly project: string;
  readonly displayName: string;
  readonly host: string;
  readonly path: string;
  /** @default true */
  readonly useTls?: boolean;
  /** Seconds between two checks. @default 60 */
  readonly periodSeconds?: 60 | 300 | 600 | 900;
  /** 1 to 60. @default 10 */
  readonly timeoutSeconds?: number;
  /** Ids of notification channels. @default none: alerts are seen in the console only */
  readonly channels?: readonly string[];
  /** @default none */
  readonly transform?: Transform;
}

/** Asks the public address from several places of the world, and says when two of them get no answer. */
export class UptimeCheck extends Construct {
  readonly check: MonitoringUptimeCheckConfig;
  readonly alert: MonitoringAlertPolicy;

  constructor(scope: Construct, id: string, props: UptimeCheckProps) {
    super(scope, id);
    const { project, displayName, host, path, useTls = true, periodSeconds = 60, timeoutSeconds = 10 } = props;
    assertProps(this, [
      ![60, 300, 600, 900].includes(periodSeconds) && `periodSeconds is ${periodSeconds}, not 60, 300, 600 or 900`,
      (timeoutSeconds < 1 || timeoutSeconds > 60) && `timeoutSeconds is ${timeoutSeconds}, not 1 to 60`,
      !path.startsWith('/') && `path "${path}" does not begin with /`,
    ]);
    this.check = new MonitoringUptimeCheckConfig(this, 'Check', {
      displayName,
      period: `${periodSeconds}s`,
      timeout: `${timeoutSeconds}s`,
      httpCheck: { path, port: useTls ? 443 : 80, ...(useTls ? { useSsl: true, validateSsl: true } : {}) },
      monitoredResource: { type: 'uptime_url', labels: { project_id: project, host } },
    });
    this.alert = new MonitoringAlertPolicy(this, 'Alert', {
      displayName: `${displayName}: does not answer`,
      combiner: 'OR',
      severity: 'CRITICAL',
      notificationChannels: [...(props.channels ?? [])],
      documentation: {
        content: 'The public address does not answer. `agentctl status` and `agentctl logs`.',
        mimeType: 'text/markdown',
      },
      alertStrategy: { autoClose: '1800s' },
      conditions: [
        {
          displayName,
          conditionThreshold: {
            filter: `metric.type="monitoring.googleapis.com/uptime_check/check_passed" AND resource.type="uptime_url" AND metric.labels.check_id="${this.check.uptimeCheckId}"`,
            comparison: 'COMPARISON_GT',
            thresholdValue: 1,
            duration: '120s',
            aggregations: [
              {
                alignmentPeriod: '120s',
                perSeriesAligner: 'ALIGN_NEXT_OLDER',
                crossSeriesReducer: 'REDUCE_COUNT_FALSE',
                groupByFields: ['resource.label.*'],
              },
            ],
            trigger: { count: 1 },
          },
        },
      ],
    });
    applyTransform(this, props.transform);
  }
}
