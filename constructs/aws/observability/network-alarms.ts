import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import { Duration } from 'aws-cdk-lib/core';
import { Construct } from 'constructs';
import { applyTransform } from '../transform.js';
import { alarmSet, type AlarmSetProps } from './alarm-set.js';

/** Props of {@link NetworkAlarms}. */
export interface NetworkAlarmsProps extends AlarmSetProps {
  /** Ids of NAT gateways, as `AgentNetwork` has them. */
  readonly natGatewayIds: readonly string[];
}

/** Alarms of the way out to the internet. */
export class NetworkAlarms extends Construct {
  readonly alarms: readonly cloudwatch.Alarm[];

  constructor(scope: Construct, id: string, { natGatewayIds, topic, transform }: NetworkAlarmsProps) {
    super(scope, id);
    this.alarms = alarmSet(
      this,
      topic,
      natGatewayIds.map((natGatewayId, index) => ({
        id: `Ports${index + 1}`,
        description:
          'The NAT gateway has no ports left for one destination: calls to it fail. Reuse connections, or give it more addresses',
        metric: failedConnections(natGatewayId),
        threshold: 0,
        periods: 5,
        datapoints: 3,
      })),
    );
    applyTransform(this, transform);
  }
}

/** A query, as a regional gateway may be measured by its zones: it adds up whatever dimensions there are. */
function failedConnections(natGatewayId: string): cloudwatch.IMetric {
  return new cloudwatch.MathExpression({
    expression: `SELECT SUM(ErrorPortAllocation) FROM "AWS/NATGateway" WHERE NatGatewayId = '${natGatewayId}'`,
    period: Duration.minutes(1),
  });
}
