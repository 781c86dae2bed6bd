import { MonitoringNotificationChannel } from '@cdktf/provider-google/lib/monitoring-notification-channel/index.js';
import type { ITerraformDependable } from 'cdktf';
import { Construct } from 'constructs';
import { assertProps } from '../../checks/assert-props.js';
import { applyTransform, type Transform } from '../transform.js';

/** Props of {@link AlertChannel}. */
export interface AlertChannelProps {
  readonly displayName: string;
  readonly email: string;
  /** What has to be there first. @default none */
  readonly dependsOn?: readonly ITerraformDependable[];
  /** @default none */
  readonly transform?: Transform;
}

/** Where alerts go. */
export class AlertChannel extends Construct {
  readonly channel: MonitoringNotificationChannel;

  constructor(scope: Construct, id: string, props: AlertChannelProps) {
    super(scope, id);
    assertProps(this, [!/^[^\s@]+@[^\s@]+\.[^\s@]+$/.test(props.email) && `email "${props.email}" is not an address`]);
    this.channel = new MonitoringNotificationChannel(this, 'Channel', {
      displayName: props.displayName,
      type: 'email',
      labels: { email_address: props.email },
      ...(props.dependsOn === undefined ? {} : { dependsOn: [...props.dependsOn] }),
    });
    applyTransform(this, props.transform);
  }
}
