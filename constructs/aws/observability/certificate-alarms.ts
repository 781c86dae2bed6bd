import type * as acm from 'aws-cdk-lib/aws-certificatemanager';
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import { Duration } from 'aws-cdk-lib/core';
import { Construct } from 'constructs';
import { applyTransform } from '../transform.js';
import { alarmSet, type AlarmSetProps, metricsOf } from './alarm-set.js';

/** Props of {@link CertificateAlarms}. */
export interface CertificateAlarmsProps extends AlarmSetProps {
  readonly certificate: acm.ICertificate;
}

/**
 * Alarm of a certificate that nobody renewed. ACM renews its own ones 60 days before they expire ("Managed certificate
 * renewal"), so one with 30 days left is one that it could not renew, or an imported one.
 */
export class CertificateAlarms extends Construct {
  readonly alarms: readonly cloudwatch.Alarm[];

  constructor(scope: Construct, id: string, { certificate, topic, transform }: CertificateAlarmsProps) {
    super(scope, id);
    const metric = metricsOf('AWS/CertificateManager', { CertificateArn: certificate.certificateArn });
    this.alarms = alarmSet(this, topic, [
      {
        id: 'Expiry',
        description: 'The certificate expires in less than 30 days and was not renewed: look at its DNS validation',
        // ACM publishes it twice a day.
        metric: metric('DaysToExpiry', cloudwatch.Stats.MINIMUM, Duration.days(1)),
        threshold: 30,
        comparison: cloudwatch.ComparisonOperator.LESS_THAN_THRESHOLD,
        periods: 1,
      },
    ]);
    applyTransform(this, transform);
  }
}
