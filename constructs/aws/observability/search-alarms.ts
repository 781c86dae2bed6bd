import type * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import type * as sns from 'aws-cdk-lib/aws-sns';
import { Construct } from 'constructs';
import type { Transform } from '../transform.js';

/** Props of {@link SearchAlarms}. */
export interface SearchAlarmsProps {
  readonly topic: sns.ITopic;
  readonly domainName: string;
  /** Storage of one data node; the alarm is at 25 % free, where OpenSearch recommends it. */
  readonly storageGiB: number;
  /** Nodes that have to be there: data nodes and dedicated masters. */
  readonly nodes: number;
  /** Changes to the CloudFormation resources. @default - none */
  readonly transform?: Transform;
}

/** Alarms of an OpenSearch domain. */
export class SearchAlarms extends Construct {
  readonly alarms!: readonly cloudwatch.Alarm[];

  constructor(scope: Construct, id: string, _props: SearchAlarmsProps) {
    super(scope, id);
  }
}
