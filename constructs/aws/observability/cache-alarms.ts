import type * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import type * as sns from 'aws-cdk-lib/aws-sns';
import { Construct } from 'constructs';
import type { Transform } from '../transform.js';

/** Props of {@link CacheAlarms}. */
export interface CacheAlarmsProps {
  readonly topic: sns.ITopic;
  /** Identifier of the replication group. */
  readonly replicationGroupId: string;
  /** Nodes of the group, primary included. */
  readonly nodes: number;
  /** Changes to the CloudFormation resources. @default - none */
  readonly transform?: Transform;
}

/** Alarms of a Valkey replication group, per node. */
export class CacheAlarms extends Construct {
  readonly alarms!: readonly cloudwatch.Alarm[];

  constructor(scope: Construct, id: string, _props: CacheAlarmsProps) {
    super(scope, id);
  }
}
