import type * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import type * as sns from 'aws-cdk-lib/aws-sns';
import { Construct } from 'constructs';
import type { Transform } from '../transform.js';

/** Props of {@link DatabaseAlarms}. */
export interface DatabaseAlarmsProps {
  readonly topic: sns.ITopic;
  /** Identifier of the RDS instance. */
  readonly instanceId: string;
  /** `max_connections` of the instance; the alarm is at 80 %. */
  readonly maxConnections: number;
  /** Memory of the instance; the alarm is at 10 % free. */
  readonly memoryMiB: number;
  /** Storage the instance can grow to; the alarm is at 10 % free of what it has now. */
  readonly storageGiB: number;
  /** Identifiers of read replicas. @default - none */
  readonly replicaIds?: readonly string[];
  /** Changes to the CloudFormation resources. @default - none */
  readonly transform?: Transform;
}

/** Alarms of a PostgreSQL instance of RDS. */
export class DatabaseAlarms extends Construct {
  readonly alarms!: readonly cloudwatch.Alarm[];

  constructor(scope: Construct, id: string, _props: DatabaseAlarmsProps) {
    super(scope, id);
  }
}
