import { MonitoringAlertPolicy } from '@cdktf/provider-google/lib/monitoring-alert-policy/index.js';
import { Construct } from 'constructs';
import { assertProps } from '../../checks/assert-props.js';

/** A metric that is too high, or too low, for some time. */
export interface MetricAlertProps {
  readonly displayName: string;
  /** What to do about it, as Markdown. */
  readonly documentation: string;
  /** In the language of Cloud Monitoring: `metric.type="…" AND resource.type="…"`. */
  readonly filter: string;
  readonly threshold: number;
  /** @default above the threshold */
  readonly isBelow?: boolean;
  /** How long, in whole minutes. @default 5 */
  readonly minutes?: number;
  /** How points of one series become one: Cloud Monitoring API, Aligner. @default ALIGN_MEAN */
  readonly align?: string;
  /** How several series become one: Cloud Monitoring API, Reducer. @default each on its own */
  readonly reduce?: string;
  readonly groupBy?: readonly string[];
  /** Ids of channels. */
  readonly channels: readonly string[];
  /** @default 'WARNING' */
  readonly severity?: 'WARNING' | 'ERROR' | 'CRITICAL';
}

/** An alert policy on one metric. Public within the room: the alerts of each part are made of it. */
export class MetricAlert extends Construct {
  readonly policy: MonitoringAlertPolicy;

  constructor(scope: Construct, id: string, props: MetricAlertProps) {
    super(scope, id);
    const { minutes = 5, align = 'ALIGN_MEAN', reduce, groupBy } = props;
    assertProps(this, [
      (!Number.isInteger(minutes) || minutes < 1) && `minutes is ${minutes}, not a whole number from 1`,
    ]);
    this.policy = new MonitoringAlertPolicy(this, 'Policy', {
      displayName: props.displayName,
      combiner: 'OR',
      severity: props.severity ?? 'WARNING',
      notificationChannels: [...props.channels],
      documentation: { content: props.documentation, mimeType: 'text/markdown' },
      alertStrategy: { autoClose: '1800s' },
      conditions: [
        {
          displayName: props.displayName,
          conditionThreshold: {
            filter: props.filter,
            comparison: props.isBelow === true ? 'COMPARISON_LT' : 'COMPARISON_GT',
            thresholdValue: props.threshold,
            duration: `${minutes * 60}s`,
            aggregations: [
              {
                alignmentPeriod: '60s',
                perSeriesAligner: align,
                ...(reduce === undefined ? {} : { crossSeriesReducer: reduce }),
                ...(groupBy === undefined ? {} : { groupByFields: [...groupBy] }),
              },
            ],
            trigger: { count: 1 },
          },
        },
      ],
    });
  }
}
