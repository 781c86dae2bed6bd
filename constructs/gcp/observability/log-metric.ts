import { LoggingMetric } from '@cdktf/provider-google/lib/logging-metric/index.js';
import { Construct } from 'constructs';
import { assertProps } from '../../checks/assert-props.js';
import { applyTransform, type Transform } from '../transform.js';

/** Props of {@link LogMetric}. */
export interface LogMetricProps {
  /** Up to 100 characters, such as `support/errors`. */
  readonly metricName: string;
  /** Of Cloud Logging. */
  readonly filter: string;
  readonly description: string;
  /** @default none */
  readonly transform?: Transform;
}

/** Lines of a log, counted. */
export class LogMetric extends Construct {
  readonly metric: LoggingMetric;
  /** As alerts and dashboards name it. */
  readonly metricType: string;

  constructor(scope: Construct, id: string, props: LogMetricProps) {
    super(scope, id);
    const { metricName, filter, description } = props;
    assertProps(this, [
      !/^[A-Za-z0-9_\-.,+!*',()%/]{1,100}$/.test(metricName) &&
        `metricName "${metricName}" is not 1 to 100 letters, digits and signs`,
    ]);
    this.metric = new LoggingMetric(this, 'Metric', {
      name: metricName,
      filter,
      description,
      metricDescriptor: { metricKind: 'DELTA', valueType: 'INT64', unit: '1' },
    });
    this.metricType = `logging.googleapis.com/user/${metricName}`;
    applyTransform(this, props.transform);
  }
}
