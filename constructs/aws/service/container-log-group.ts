import * as logs from 'aws-cdk-lib/aws-logs';
import { RemovalPolicy } from 'aws-cdk-lib/core';
import type { Construct } from 'constructs';
import type { ContainerProps } from './container-props.js';

/** The log group of a container: the given one, or one that stays when its service goes, until what is in it expires. */
export function containerLogGroup(
  scope: Construct,
  { logGroup, logRetention = logs.RetentionDays.THREE_MONTHS, encryptionKey }: Omit<ContainerProps, 'image'>,
): logs.ILogGroup {
  if (logGroup !== undefined) return logGroup;
  return new logs.LogGroup(scope, 'Logs', {
    retention: logRetention,
    ...(encryptionKey === undefined ? {} : { encryptionKey }),
    removalPolicy: RemovalPolicy.RETAIN,
  });
}
